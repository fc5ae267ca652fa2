// Throwaway databases: to try migrations on, to compare catalogs with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/connection.h"
#include "db/url.h"
#include "scratch/local_server.h"

namespace martlet {

/// An empty database of the same kind as a target, dropped by the destructor.
class ScratchDatabase {
 public:
  enum class SameServer { allowed, forbidden };  // forbidden: the target is a protected environment
  struct Options {
    Url server;  // `scratch_url`: a server (any database on it) where scratch databases may be made; empty = none given
    SameServer same_server = SameServer::allowed;
  };
  /// PostgreSQL: a database martlet_scratch_<random> on the given scratch server; else on the target's own server,
  /// where that is allowed and the role may create databases; else on a server started from locally installed
  /// binaries. SQLite: a file in a temporary folder. Throws Error{refused} or Error{connection} saying why none of
  /// these could be had.
  ScratchDatabase(const Url& target, const Options& options);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const Url& url() const { return url_; }
  /// For people: "on the target's own server", "on a local throwaway server", …
  const std::string& where() const { return where_; }

 private:
  bool try_create_on(const Url& server, std::string& reasons, std::string_view where);
  void drop() noexcept;

  Url url_;
  std::string where_;
  bool must_drop_ = false;
  std::unique_ptr<LocalServer> local_;
  std::unique_ptr<ScratchFolder> folder_;
};

/// Scratch databases on the server of `connection`, oldest first: of runs that go on, or that were killed. PostgreSQL
/// only; empty for SQLite.
std::vector<std::string> scratch_databases(Connection& connection);

}  // namespace martlet
