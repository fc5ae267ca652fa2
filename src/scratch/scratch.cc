#include "scratch/scratch.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace martlet {
namespace {

constexpr std::string_view kPrefix = "martlet_scratch_";

}  // namespace

ScratchDatabase::ScratchDatabase(const Url& target, const Options& options) {
  if (target.dialect() == Dialect::sqlite) {
    folder_ = std::make_unique<ScratchFolder>();
    url_ = Url::parse("sqlite:" + (folder_->path() / "scratch.db").string());
    driver_for(url_).create_database(url_);
    where_ = "in a temporary file";
    return;
  }
  if (!options.server.empty() && options.server.dialect() != target.dialect()) {
    throw Error(ErrorKind::usage,
                fmt::format("scratch_url {} is another kind of database than the target", options.server.shown()));
  }
  std::string reasons;
  if (!options.server.empty()) {
    if (try_create_on(options.server, reasons, "on the scratch server")) return;
    throw Error(ErrorKind::connection, "cannot create a scratch database")
        .with_detail(reasons)
        .next("check scratch_url");
  }
  const bool same_server = options.same_server == SameServer::allowed;
  if (same_server && try_create_on(target, reasons, "on the target's own server")) return;
  if (!same_server) reasons += "on the target's own server: not done on a protected environment\n";
  if (!find_server_binaries()) {
    throw Error(same_server ? ErrorKind::connection : ErrorKind::refused, "there is no place for a scratch database")
        .with_detail(reasons + "on a local throwaway server: no PostgreSQL server is installed here")
        .next("set scratch_url, grant CREATEDB, or install a PostgreSQL server on this machine");
  }
  local_ = std::make_unique<LocalServer>();
  if (!try_create_on(local_->url(), reasons, "on a local throwaway server")) {
    throw Error(ErrorKind::connection, "cannot create a scratch database").with_detail(reasons);
  }
}

bool ScratchDatabase::try_create_on(const Url& server, std::string& reasons, std::string_view where) {
  try {
    url_ = server.with_database(std::string(kPrefix) + random_hex(8));
    driver_for(url_).create_database(url_);
    must_drop_ = true;
    where_ = where;
    open_connection(url_);  // a pooler may not know it
    return true;
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    reasons += fmt::format("{}: {}\n", where, error.message);
    drop();
    return false;
  }
}

ScratchDatabase::~ScratchDatabase() {
  drop();
}

void ScratchDatabase::drop() noexcept {
  if (!must_drop_) return;
  must_drop_ = false;
  try {
    driver_for(url_).drop_database(url_);
  } catch (...) {
    // It keeps its telling name: scratch_databases() lists it.
  }
}

std::vector<std::string> scratch_databases(Connection& connection) {
  std::vector<std::string> names;
  if (connection.dialect() != Dialect::postgres) return names;
  const Result found = connection.execute(
      "SELECT datname FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname, $1) ORDER BY oid",
      {std::string(kPrefix)});
  for (const Row& row : found.rows) names.push_back(row.at(0).value());
  return names;
}

}  // namespace martlet
