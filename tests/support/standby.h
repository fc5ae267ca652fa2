// A streaming replica of a test server.
#pragma once

#include <memory>
#include <string>

#include "scratch/local_server.h"

namespace martlet::testing {

/// Copied from `primary` by pg_basebackup, listens on a Unix socket in a temporary folder, streams from the start on;
/// the primary knows it by `name`. Stopped and removed at the end of its scope.
class Standby {
 public:
  Standby(const LocalServer& primary, std::string name);
  ~Standby();

  /// What arrives is no longer applied, until resume().
  void pause() const;
  void resume() const;
  void stop();

 private:
  Url url() const;
  void start();

  const LocalServer& primary_;
  std::string name_;
  ScratchFolder folder_;
  std::unique_ptr<Child> process_;
};

}  // namespace martlet::testing
