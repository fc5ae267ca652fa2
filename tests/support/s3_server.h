// A store that speaks as S3 does, and misbehaves as it is told (s3_server.py).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backup/store/store.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet::testing {

class S3Server {
 public:
  /// `token`: the session token that it asks for; "" = none.
  explicit S3Server(const std::string& token = "");

  std::string endpoint() const;
  /// How to reach it, with its credentials.
  StoreOptions options(std::string prefix = "prod") const;
  /// The same for the program.
  Environment environment() const;
  /// Lines of METHOD, a part of the path, the fault and how often.
  void faults(std::string_view plan) const;
  /// How long ago uploads were begun.
  void age_uploads(int hours) const;
  /// Names of the objects, sorted.
  std::vector<std::string> objects() const;
  std::string content(const std::string& key) const;
  void put(const std::string& key, std::string_view content) const;
  /// What was asked so far: "PUT /backups/prod/x?partNumber=1&uploadId=… 200".
  std::vector<std::string> log() const;
  /// How many of those have all of these in them.
  std::size_t asked(const std::vector<std::string_view>& parts) const;

 private:
  TemporaryFolder folder_;
  Process process_;
  int port_ = 0;
};

}  // namespace martlet::testing
