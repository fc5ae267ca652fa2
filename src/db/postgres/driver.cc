// PostgreSQL, by libpq.
#include <fmt/format.h>

#include "base/registry.h"
#include "db/postgres/open.h"
#include "db/postgres/options.h"
#include "sql/statement.h"

namespace martlet::postgres {
namespace {

std::string target(std::string_view url) {
  url_options(url);  // refuses what libpq cannot read
  return std::string(url);
}

std::string database(const Url& url) {
  return destination(url).database;
}

bool database_exists(const Url& url) {
  const auto connection = open_maintenance(url);
  return !connection->execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", {database(url)}).rows.empty();
}

// The server's refusal, in the words of the command.
template <class Action>
void explained(const Url& url, std::string_view verb, Action action) {
  try {
    action();
  } catch (Error& error) {
    error.message = fmt::format("cannot {} database \"{}\" on {}: {}", verb, database(url), destination(url).server(),
                                error.message);
    if (error.sqlstate == "42501") error.next("ask for a role with CREATEDB, or let the database's owner do it");
    throw;
  }
}

void create_database(const Url& url) {
  const auto connection = open_maintenance(url);
  explained(url, "create", [&] { connection->execute("CREATE DATABASE " + quote_identifier(database(url))); });
}

void drop_database(const Url& url) {
  const auto connection = open_maintenance(url);
  const std::string_view force = connection->version() >= 130000 ? " WITH (FORCE)" : "";
  explained(url, "drop",
            [&] { connection->execute(fmt::format("DROP DATABASE {}{}", quote_identifier(database(url)), force)); });
}

const Registered<Driver> kDriver{{
    .id = "postgres",
    .schemes = {"postgres", "postgresql"},
    .dialect = Dialect::postgres,
    .example = "postgres://user@host:5432/database",
    .target = target,
    .database = database,
    .renamed = with_database,
    .open = open,
    .create_database = create_database,
    .drop_database = drop_database,
    .database_exists = database_exists,
}};

}  // namespace
}  // namespace martlet::postgres
