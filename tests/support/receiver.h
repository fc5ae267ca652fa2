// Servers that receive what martlet sends (receiver.py says how they answer).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet::testing {

/// A certificate for "localhost" that its own key has signed.
class TestCertificate {
 public:
  TestCertificate();
  std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }
  std::filesystem::path key() const { return folder_ / "key.pem"; }

 private:
  TemporaryFolder folder_;
};

/// Listens on loopback while it lives.
class Receiver {
 public:
  enum class Kind { http, smtp };
  explicit Receiver(Kind kind, const TestCertificate* certificate = nullptr);

  int port() const { return port_; }
  /// "http://127.0.0.1:PORT" + path, or "smtp://127.0.0.1:PORT"; with a certificate, "localhost" and HTTPS.
  std::string url(std::string_view path = "") const;
  /// What came so far.
  std::vector<nlohmann::json> received() const;
  /// The same once there are so many; fails the test where they do not come.
  std::vector<nlohmann::json> wait_for(std::size_t count) const;

 private:
  Kind kind_;
  bool tls_;
  Process process_;
  int port_ = 0;
};

/// A port of loopback where nobody listens.
int unused_port();

}  // namespace martlet::testing
