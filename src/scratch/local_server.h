// A throwaway PostgreSQL server made from the binaries installed on this machine.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/url.h"
#include "scratch/child.h"
#include "scratch/folder.h"

namespace martlet {

/// The folder with `initdb` and `postgres`: the newest of /usr/lib/postgresql/*/bin, else where PATH has them.
std::optional<std::filesystem::path> find_server_binaries();

/// Listens on a Unix socket in a temporary folder and on no TCP port; its superuser is `postgres`. Where we are root,
/// it runs as the system user `postgres`. The destructor stops it and removes everything.
class LocalServer {
 public:
  struct Options {
    bool durable = false;                         // false: fsync off, for data that nobody will miss
    std::map<std::string, std::string> settings;  // postgresql.conf
    std::vector<std::string> hba;                 // pg_hba.conf; empty = trust everybody on the socket
    int port = 5432;                              // part of the socket's name only
  };
  /// Throws Error{connection} where no server is installed, or it does not start (its log is in the detail).
  LocalServer() : LocalServer(Options{}) {}
  explicit LocalServer(Options options);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  /// The superuser's URL of a database.
  Url url(std::string_view database = "postgres") const;
  const std::filesystem::path& socket_folder() const { return folder_.path(); }
  int port() const { return options_.port; }
  /// The system user it runs as; "" = the user we are.
  const std::string& system_user() const { return user_; }
  /// The last lines of its log.
  std::string log_tail() const;

  enum class Stop {
    fast,       // sessions are ended and rolled back
    immediate,  // as a crash: the next start recovers
  };
  void stop(Stop how);
  /// Starts it again after stop(), and returns when it accepts connections.
  void start();

 private:
  void initialise();
  void wait_until_ready();

  Options options_;
  std::filesystem::path binaries_;
  std::string user_;
  ScratchFolder folder_;
  std::unique_ptr<Child> server_;
};

}  // namespace martlet
