#include "tests/support/receiver.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/descriptor.h"
#include "base/text.h"

namespace martlet::testing {
namespace {

Command server_command(Receiver::Kind kind, const TestCertificate* certificate) {
  // Another python3 on the PATH would not have Debian's modules.
  std::vector<std::string> arguments{"/usr/bin/python3", "-B", MARTLET_SOURCE_DIR "/tests/support/receiver.py",
                                     kind == Receiver::Kind::http ? "http" : "smtp"};
  if (certificate) {
    arguments.push_back(certificate->certificate());
    arguments.push_back(certificate->key());
  }
  return {.arguments = arguments};
}

}  // namespace

TestCertificate::TestCertificate() {
  const Finished made =
      run({.arguments = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                         "-keyout", key(), "-out", certificate()}});
  if (made.exit_code != 0) throw std::runtime_error("openssl makes no certificate: " + made.err);
}

Receiver::Receiver(Kind kind, const TestCertificate* certificate)
    : kind_(kind), tls_(certificate != nullptr), process_(server_command(kind, certificate)) {
  setenv("no_proxy", "127.0.0.1,localhost", 1);
  const bool listens =
      eventually([&] { return process_.out().find('\n') != std::string::npos || !process_.running(); });
  if (!listens || !process_.running()) throw std::runtime_error("the receiver did not start: " + process_.err());
  port_ = std::stoi(process_.out());
}

std::string Receiver::url(std::string_view path) const {
  const std::string_view scheme = kind_ == Kind::smtp ? "smtp" : tls_ ? "https" : "http";
  return fmt::format("{}://{}:{}{}", scheme, tls_ ? "localhost" : "127.0.0.1", port_, path);
}

std::vector<nlohmann::json> Receiver::received() const {
  const std::string out = process_.out();
  std::vector<std::string> lines = split_lines(std::string_view(out).substr(0, out.rfind('\n') + 1));
  lines.erase(lines.begin());  // the port
  std::vector<nlohmann::json> all;
  for (const std::string& line : lines) all.push_back(nlohmann::json::parse(line));
  return all;
}

std::vector<nlohmann::json> Receiver::wait_for(std::size_t count) const {
  EXPECT_TRUE(eventually([&] { return received().size() >= count; })) << "only " << received().size() << " came";
  return received();
}

int unused_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(socket.number(), reinterpret_cast<sockaddr*>(&address), size);
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace martlet::testing
