#include "tests/support/standby.h"

#include <fmt/format.h>
#include <signal.h>

#include <stdexcept>

#include "db/connection.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

std::string conninfo(const LocalServer& server, const std::string& name) {
  return fmt::format("host={} port={} user=postgres application_name={}", server.socket_folder().string(),
                     server.port(), name);
}

}  // namespace

Standby::Standby(const LocalServer& primary, std::string name)
    : primary_(primary), name_(std::move(name)), folder_(primary.system_user()) {
  Child copy({.arguments = {(find_server_binaries().value() / "pg_basebackup").string(), "--pgdata",
                            (folder_.path() / "data").string(), "--write-recovery-conf", "--checkpoint=fast",
                            "--no-sync", "--dbname", conninfo(primary, "copy")},
              .user = primary.system_user(),
              .log = folder_.path() / "log"});
  if (copy.wait() != 0) throw std::runtime_error("pg_basebackup failed");
  start();
}

Standby::~Standby() {
  stop();
}

void Standby::start() {
  const std::string socket = folder_.path().string();
  process_ = std::make_unique<Child>(ChildCommand{
      .arguments = {(find_server_binaries().value() / "postgres").string(), "-D", socket + "/data", "-c",
                    "unix_socket_directories=" + socket, "-c", "primary_conninfo=" + conninfo(primary_, name_)},
      .user = primary_.system_user(),
      .log = folder_.path() / "log"});
  const auto streams = [this] {
    return open_connection(primary_.url())
               ->execute(
                   "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT NULL AND "
                   "application_name = $1",
                   {name_})
               .rows[0][0] == "1";
  };
  if (!eventually(streams)) throw std::runtime_error("the standby does not stream");
}

Url Standby::url() const {
  return Url::parse(
      fmt::format("postgres://postgres@/postgres?host={}&port={}", folder_.path().string(), primary_.port()));
}

void Standby::pause() const {
  const auto connection = open_connection(url());
  connection->execute("SELECT pg_wal_replay_pause()");
  const auto paused = [&] {
    return connection->execute("SELECT pg_get_wal_replay_pause_state()").rows[0][0] == "paused";
  };
  if (!eventually(paused)) throw std::runtime_error("the standby does not pause");
}

void Standby::resume() const {
  open_connection(url())->execute("SELECT pg_wal_replay_resume()");
}

void Standby::stop() {
  if (!process_) return;
  process_->signal(SIGQUIT);
  process_->wait();
  process_.reset();
}

}  // namespace martlet::testing
