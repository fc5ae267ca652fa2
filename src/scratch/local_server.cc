#include "scratch/local_server.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/cancel.h"
#include "base/files.h"
#include "base/text.h"
#include "db/connection.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartPatience{60};

bool has_server(const fs::path& folder) {
  return access((folder / "initdb").c_str(), X_OK) == 0 && access((folder / "postgres").c_str(), X_OK) == 0;
}

fs::path required_binaries() {
  const auto found = find_server_binaries();
  if (found) return *found;
  throw Error(ErrorKind::connection, "no PostgreSQL server is installed on this machine")
      .next("install one (Debian: postgresql-15), or give a scratch database of your own");
}

// The server refuses to run as root; Debian's packages make a user for it.
std::string server_user() {
  return geteuid() == 0 ? "postgres" : "";
}

std::string conf_value(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::optional<fs::path> find_server_binaries() {
  std::vector<fs::path> installed;
  std::error_code failure;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", failure)) {
    if (has_server(version.path() / "bin")) installed.push_back(version.path() / "bin");
  }
  if (!installed.empty()) {
    return *std::max_element(installed.begin(), installed.end(),
                             [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  }
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split_list(path ? path : "", ':')) {
    if (has_server(folder)) return folder;
  }
  return std::nullopt;
}

LocalServer::LocalServer(Options options)
    : options_(std::move(options)), binaries_(required_binaries()), user_(server_user()), folder_(user_) {
  initialise();
  start();
}

LocalServer::~LocalServer() {
  try {
    stop(Stop::immediate);
  } catch (...) {
    // Child's destructor kills what did not stop.
  }
}

Url LocalServer::url(std::string_view database) const {
  return Url::parse(
             fmt::format("postgres://postgres@/postgres?host={}&port={}", folder_.path().string(), options_.port))
      .with_database(database);
}

std::string LocalServer::log_tail() const {
  std::error_code failure;
  const fs::path log = folder_.path() / "log";
  if (!fs::exists(log, failure)) return "";
  const std::string text = read_file(log);
  return text.substr(text.size() - std::min<std::size_t>(text.size(), 2000));
}

void LocalServer::initialise() {
  Child initdb({.arguments = {(binaries_ / "initdb").string(), "--pgdata", (folder_.path() / "data").string(),
                              "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8",
                              "--no-sync", "--no-instructions"},
                .user = user_,
                .log = folder_.path() / "log"});
  if (initdb.wait() != 0) throw Error(ErrorKind::connection, "initdb failed").with_detail(log_tail());
  std::string conf = fmt::format("listen_addresses = ''\nunix_socket_directories = '{}'\nport = {}\n",
                                 folder_.path().string(), options_.port);
  if (!options_.durable) conf += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
  for (const auto& [name, value] : options_.settings) conf += fmt::format("{} = {}\n", name, conf_value(value));
  const fs::path data = folder_.path() / "data";
  // Not in postgresql.auto.conf: ALTER SYSTEM rewrites that, and must own it.
  write_file(data / "postgresql.conf", read_file(data / "postgresql.conf") + conf);
  if (!options_.hba.empty()) write_file(data / "pg_hba.conf", join(options_.hba, "\n") + "\n");
}

void LocalServer::start() {
  if (server_ && server_->running()) return;
  server_ = std::make_unique<Child>(
      ChildCommand{.arguments = {(binaries_ / "postgres").string(), "-D", (folder_.path() / "data").string()},
                   .user = user_,
                   .log = folder_.path() / "log"});
  wait_until_ready();
}

// Ready is when it answers a session, with whatever: a pg_hba.conf may well refuse ours.
void LocalServer::wait_until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  for (;;) {
    if (!server_->running())
      throw Error(ErrorKind::connection, "the local server did not start").with_detail(log_tail());
    try {
      open_connection(url());
      return;
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled) throw;
      const bool refused_us =
          error.message.find("password") != std::string::npos || error.message.find("pg_hba") != std::string::npos;
      if (refused_us) return;
      if (std::chrono::steady_clock::now() > deadline) throw;
    }
    cancel::sleep_ms(10);
  }
}

void LocalServer::stop(Stop how) {
  if (!server_) return;
  server_->signal(how == Stop::fast ? SIGINT : SIGQUIT);
  server_->wait();
  server_.reset();
}

}  // namespace martlet
