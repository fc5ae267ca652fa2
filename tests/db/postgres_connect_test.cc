// Opening PostgreSQL sessions: every way libpq knows to say where, and every way it can fail.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/cancel.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet {
namespace {

using testing::error_of;
using testing::TemporaryFolder;

// Environment variables for the length of a scope.
class Variables {
 public:
  Variables(std::initializer_list<std::pair<const std::string, std::string>> values) : values_(values) {
    for (const auto& [name, value] : values_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Variables() {
    for (const auto& [name, value] : values_) unsetenv(name.c_str());
  }

 private:
  std::map<std::string, std::string> values_;
};

// A TCP port on the loopback interface: listening and never answering, or (once closed) refusing.
class SilentPort {
 public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address_), size) != 0 || listen(socket_, 5) != 0) std::abort();
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &size);
  }
  ~SilentPort() { close(); }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  int port() const { return ntohs(address_.sin_port); }

 private:
  int socket_;
  sockaddr_in address_{};
};

std::string user_of(const Url& url) {
  return open_connection(url)->execute("SELECT current_user").rows.at(0).at(0).value();
}

// Everything an error shows.
std::string all_of(const Error& error) {
  return error.message + "\n" + error.detail + "\n" + error.next_step;
}

Error refused(const Url& url) {
  const Error error = error_of([&] { open_connection(url); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  return error;
}

class Connecting : public ::testing::Test {
 protected:
  void TearDown() override { cancel::reset(); }
  testing::TestDatabase database_ = testing::fresh_database();
  std::string folder_ = testing::cluster().socket_folder().string();
};

TEST_F(Connecting, ByEnvironmentVariablesAlone) {
  const Variables variables{{"PGHOST", folder_}, {"PGUSER", "postgres"}, {"PGDATABASE", database_.name()}};
  const Url url = Url::parse("postgres://");
  EXPECT_EQ(url.database(), database_.name());
  EXPECT_EQ(open_connection(url)->execute("SELECT current_database()").rows.at(0).at(0), database_.name());
}

TEST_F(Connecting, ByServiceFile) {
  const TemporaryFolder folder;
  const auto file =
      folder.write("services", fmt::format("[shop]\nhost={}\nuser=postgres\ndbname={}\n", folder_, database_.name()));
  const Variables variables{{"PGSERVICEFILE", file.string()}};
  const Url url = Url::parse("postgres://?service=shop");
  EXPECT_EQ(url.database(), database_.name());
  EXPECT_EQ(user_of(url), "postgres");
  EXPECT_NE(all_of(refused(Url::parse("postgres://?service=nowhere"))).find("service"), std::string::npos);
}

TEST_F(Connecting, SessionOptionsOfTheUrlAndOfTheEnvironmentAreKept) {
  const Url url = Url::parse(database_.text() + "&options=-c%20work_mem%3D7MB");
  const auto shown = [](const Url& where, const std::string& name) {
    return open_connection(where, {.settings = {{"lock_timeout", "7s"}}})
        ->execute("SHOW " + name)
        .rows.at(0)
        .at(0)
        .value();
  };
  EXPECT_EQ(shown(url, "work_mem"), "7MB");
  EXPECT_EQ(shown(url, "lock_timeout"), "7s");
  const Variables variables{{"PGOPTIONS", "-c work_mem=9MB"}};
  EXPECT_EQ(shown(database_.url(), "work_mem"), "9MB");
}

TEST_F(Connecting, AMissingDatabaseNamesItAndTheNextStep) {
  const Error error = refused(testing::cluster().url("no such \"database\""));
  EXPECT_NE(error.message.find("no such \"database\""), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("\"postgres\""), std::string::npos) << error.message;
  EXPECT_NE(error.message.find(folder_), std::string::npos) << error.message;
  EXPECT_NE(error.next_step.find("martlet up --create"), std::string::npos) << error.next_step;
}

TEST_F(Connecting, AMissingRoleIsNotAMissingDatabase) {
  const Error error = refused(database_.url_as("nobody_here"));
  EXPECT_EQ(error.next_step.find("--create"), std::string::npos) << error.next_step;
  EXPECT_NE(error.next_step.find("role"), std::string::npos) << error.next_step;
}

TEST_F(Connecting, AServerThatRefusesIsExplained) {
  SilentPort port;
  port.close();
  const Error error = refused(Url::parse(fmt::format("postgres://u:secret@127.0.0.1:{}/d", port.port())));
  EXPECT_NE(error.message.find(fmt::format("127.0.0.1:{}", port.port())), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("refused"), std::string::npos) << error.message;
  EXPECT_EQ(all_of(error).find("secret"), std::string::npos);
}

TEST_F(Connecting, AMissingSocketIsExplained) {
  const Error error = refused(Url::parse("postgres://u@/d?host=/nonexistent"));
  EXPECT_NE(error.message.find("/nonexistent"), std::string::npos) << error.message;
}

TEST_F(Connecting, AServerThatNeverAnswersIsGivenUp) {
  const SilentPort port;
  const Url url = Url::parse(fmt::format("postgres://u@127.0.0.1:{}/d?sslmode=disable", port.port()));
  const Error error = error_of([&] { open_connection(url, {.connect_timeout = std::chrono::milliseconds(100)}); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.message.find("no answer within 100 ms"), std::string::npos) << error.message;
}

TEST_F(Connecting, TheTimeoutOfTheUrlWins) {
  const SilentPort port;
  const Url url = Url::parse(fmt::format("postgres://u@127.0.0.1:{}/d?sslmode=disable&connect_timeout=1", port.port()));
  EXPECT_NE(refused(url).message.find("1.0 s"), std::string::npos);
}

TEST_F(Connecting, ACancelEndsTheWait) {
  const SilentPort port;
  const Url url = Url::parse(fmt::format("postgres://u@127.0.0.1:{}/d?sslmode=disable", port.port()));
  std::thread canceller([] { cancel::request(); });
  EXPECT_EQ(error_of([&] { open_connection(url); }).kind, ErrorKind::cancelled);
  canceller.join();
}

TEST_F(Connecting, ASettingThatTheServerRefusesIsNamed) {
  const Error error = error_of([&] { database_.connect({.settings = {{"lock_timeout", "soon"}}}); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.message.find("lock_timeout"), std::string::npos) << error.message;
  EXPECT_NE(error.next_step.find("settings"), std::string::npos) << error.next_step;
}

TEST_F(Connecting, ASingleHostOfSeveralIsEnough) {
  EXPECT_EQ(user_of(Url::parse(fmt::format("postgres://postgres@/{}?host=/nonexistent,{}", database_.name(), folder_))),
            "postgres");
}

// A server that wants passwords.
class Passwords : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<LocalServer>(
        LocalServer::Options{.hba = {"local all postgres trust", "local all all scram-sha-256"}});
    open_connection(server_->url())->execute("CREATE ROLE ana LOGIN PASSWORD 'right'");
  }
  static void TearDownTestSuite() { server_.reset(); }

  static std::unique_ptr<LocalServer> server_;
  Url as(std::string_view user, std::string_view password = "") {
    return testing::with_user(server_->url(), user, password);
  }
};
std::unique_ptr<LocalServer> Passwords::server_;

TEST_F(Passwords, TheRightOneIsAccepted) {
  EXPECT_EQ(user_of(as("ana", "right")), "ana");
}

TEST_F(Passwords, AWrongOneIsExplainedAndNotShown) {
  const Error error = refused(as("ana", "wr0ng"));
  EXPECT_NE(error.message.find("password authentication failed"), std::string::npos) << error.message;
  EXPECT_NE(error.next_step.find("password"), std::string::npos) << error.next_step;
  EXPECT_EQ(all_of(error).find("wr0ng"), std::string::npos);
}

TEST_F(Passwords, AMissingOneIsExplained) {
  EXPECT_NE(refused(as("ana")).next_step.find(".pgpass"), std::string::npos);
}

TEST_F(Passwords, ComeFromAPasswordFile) {
  const TemporaryFolder folder;
  const auto file = folder.write("pgpass", "*:*:*:ana:right\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const Variables variables{{"PGPASSFILE", file.string()}};
  EXPECT_EQ(user_of(as("ana")), "ana");
}

TEST_F(Passwords, ComeFromTheEnvironment) {
  const Variables variables{{"PGPASSWORD", "right"}};
  EXPECT_EQ(user_of(as("ana")), "ana");
}

// A server with TLS on a loopback port.
class Tls : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    const auto made =
        testing::run({.arguments = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                                    (*folder_ / "key").string(), "-out", (*folder_ / "cert").string()}});
    ASSERT_EQ(made.exit_code, 0) << made;
    port_ = SilentPort().port();
    server_ = std::make_unique<LocalServer>(
        LocalServer::Options{.hba = {"local all all trust", "hostssl all all 127.0.0.1/32 trust"}, .port = port_});
    const auto data = server_->socket_folder() / "data";
    const auto admin = open_connection(server_->url());
    for (const char* name : {"key", "cert"}) {
      // Written by the server itself, so that it owns them.
      admin->execute("CREATE TEMPORARY TABLE lines (line text)");
      admin->copy_in("COPY lines FROM stdin", folder_->read(name));
      admin->execute(fmt::format("COPY lines TO PROGRAM 'umask 077; cat > {}'", (data / name).string()));
      admin->execute("DROP TABLE lines");
    }
    admin->execute("ALTER SYSTEM SET ssl_cert_file = 'cert'");
    admin->execute("ALTER SYSTEM SET ssl_key_file = 'key'");
    admin->execute("ALTER SYSTEM SET ssl = on");
    admin->execute("ALTER SYSTEM SET listen_addresses = '127.0.0.1'");
    server_->stop(LocalServer::Stop::immediate);
    server_->start();
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }
  Url with(std::string_view options) {
    return Url::parse(fmt::format("postgres://postgres@127.0.0.1:{}/postgres?{}", port_, options));
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<LocalServer> server_;
  static int port_;
};
std::unique_ptr<TemporaryFolder> Tls::folder_;
std::unique_ptr<LocalServer> Tls::server_;
int Tls::port_ = 0;

TEST_F(Tls, IsUsedAndVerified) {
  const auto connection =
      open_connection(with(fmt::format("sslmode=verify-full&sslrootcert={}", (*folder_ / "cert").string())));
  EXPECT_EQ(connection->execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").rows.at(0).at(0), "t");
  std::size_t bytes = 0;
  std::vector<Request> requests{{"BEGIN", {}}};
  for (int i = 0; i < 500; ++i) requests.push_back({"SELECT repeat('x', 10000)", {}});
  connection->pipeline(requests, [&](Completion&& done) {
    for (const Row& row : done.result.rows) bytes += row.at(0)->size();
  });
  EXPECT_EQ(bytes, 5'000'000U);
}

TEST_F(Tls, ACertificateOfSomebodyElseIsRefused) {
  const TemporaryFolder folder;
  const auto made =
      testing::run({.arguments = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
                                  "-keyout", (folder / "key").string(), "-out", (folder / "cert").string()}});
  ASSERT_EQ(made.exit_code, 0) << made;
  const Error error = refused(with(fmt::format("sslmode=verify-full&sslrootcert={}", (folder / "cert").string())));
  EXPECT_NE(error.next_step.find("sslrootcert"), std::string::npos) << all_of(error);
}

TEST_F(Tls, WithoutItTheServerRefuses) {
  const Error error = refused(with("sslmode=disable"));
  EXPECT_NE(error.next_step.find("pg_hba.conf"), std::string::npos) << all_of(error);
}

}  // namespace
}  // namespace martlet
