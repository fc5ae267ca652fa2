#include "tests/support/pgbouncer.h"

#include <fmt/format.h>
#include <signal.h>

#include <stdexcept>

#include "db/connection.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

constexpr int kPort = 6432;

}  // namespace

PgBouncer::PgBouncer(const LocalServer& server, const Options& options) : folder_(server.system_user()) {
  std::string users = "\"postgres\" \"\"\n";
  for (const std::string& user : options.users) users += fmt::format("\"{}\" \"\"\n", user);
  folder_.write("users", users);
  const std::string at = folder_.path().string();
  folder_.write(
      "ini",
      fmt::format(
          "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr =\nlisten_port = {}\n"
          "unix_socket_dir = {}\nauth_type = trust\nstats_users = postgres\nauth_file = {}/users\npool_mode = {}\n"
          "default_pool_size = {}\nmax_client_conn = 200\nignore_startup_parameters = {}\n",
          server.socket_folder().string(), server.port(), kPort, at, at, options.pool_mode, options.pool_size,
          options.ignores_options ? "options" : "extra_float_digits"));
  process_ = std::make_unique<Child>(ChildCommand{
      .arguments = {"/usr/sbin/pgbouncer", at + "/ini"}, .user = server.system_user(), .log = folder_ / "log"});
  wait_until_ready(server);
}

void PgBouncer::wait_until_ready(const LocalServer& server) {
  const bool ready = eventually([&] {
    if (!process_->running()) throw std::runtime_error("pgbouncer did not start: " + folder_.read("log"));
    try {
      open_connection(url(server.url()));
      return true;
    } catch (const Error&) {
      return false;
    }
  });
  if (!ready) throw std::runtime_error("pgbouncer accepts no connections: " + folder_.read("log"));
}

PgBouncer::~PgBouncer() {
  stop();
}

void PgBouncer::stop() {
  process_->signal(SIGTERM);
  process_->wait();
}

Url PgBouncer::url(const Url& direct) const {
  const std::string& text = direct.text();
  return Url::parse(fmt::format("{}?host={}&port={}", text.substr(0, text.find('?')), folder_.path().string(), kPort));
}

}  // namespace martlet::testing
