#include "backup/engine/postgres_swap.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/failpoint.h"
#include "db/connection.h"
#include "db/postgres/open.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::string_view kInUse = "55006";
constexpr int kAttempts = 5;  // the server waits 5 s in each for the sessions to end

struct Carried {
  std::string statement;    // with the new database's name in it
  std::string name, value;  // of a setting that must be set in our session first; "" = none
};

std::string row_text(const Row& row, std::size_t at) {
  return row.at(at).value_or("");
}

// ALTER DATABASE … SET takes the value of a list in a notation of its own: FROM CURRENT takes it as it is stored.
std::vector<Carried> settings_of(Connection& connection, const std::string& old_name, const std::string& new_name) {
  const Result found = connection.execute(
      "SELECT r.rolname, pg_catalog.split_part(c, '=', 1), pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) "
      "FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase "
      "LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) c "
      "WHERE d.datname = $1",
      {old_name});
  std::vector<Carried> carried;
  for (const Row& row : found.rows) {
    const std::string whose =
        row.at(0) ? fmt::format("ROLE {} IN DATABASE {}", quote_identifier(*row.at(0)), quote_identifier(new_name))
                  : "DATABASE " + quote_identifier(new_name);
    std::string parameter;  // "extension.parameter" is two identifiers
    for (std::string_view rest = row.at(1).value();;) {
      const std::size_t dot = rest.find('.');
      parameter += quote_identifier(rest.substr(0, dot));
      if (dot == std::string_view::npos) break;
      parameter += ".";
      rest.remove_prefix(dot + 1);
    }
    carried.push_back(
        {fmt::format("ALTER {} SET {} FROM CURRENT", whose, parameter), row_text(row, 1), row_text(row, 2)});
  }
  return carried;
}

std::vector<Carried> privileges_of(Connection& connection, const std::string& old_name, const std::string& new_name) {
  const std::string database = quote_identifier(new_name);
  std::vector<Carried> carried;
  const Result own = connection.execute(
      "SELECT pg_catalog.pg_get_userbyid(datdba), datconnlimit::text, datacl IS NULL, "
      "pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database WHERE datname = $1",
      {old_name});
  const Row& facts = own.rows.at(0);
  carried.push_back(
      {fmt::format("ALTER DATABASE {} OWNER TO {}", database, quote_identifier(row_text(facts, 0))), "", ""});
  carried.push_back({fmt::format("ALTER DATABASE {} CONNECTION LIMIT {}", database, row_text(facts, 1)), "", ""});
  if (facts.at(3)) {
    carried.push_back(
        {fmt::format("COMMENT ON DATABASE {} IS {}", database, quote_literal(*facts.at(3), Dialect::postgres)), "",
         ""});
  }
  if (row_text(facts, 2) == "t") return carried;
  carried.push_back({fmt::format("REVOKE ALL ON DATABASE {} FROM PUBLIC", database), "", ""});
  const Result grants = connection.execute(
      "SELECT r.rolname, a.privilege_type, a.is_grantable FROM pg_catalog.pg_database d "
      "CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee "
      "WHERE d.datname = $1",
      {old_name});
  for (const Row& row : grants.rows) {
    const std::string to = row.at(0) ? quote_identifier(*row.at(0)) : "PUBLIC";
    const std::string_view option = row_text(row, 2) == "t" ? " WITH GRANT OPTION" : "";
    carried.push_back({fmt::format("GRANT {} ON DATABASE {} TO {}{}", row_text(row, 1), database, to, option), "", ""});
  }
  return carried;
}

void carry_over(Connection& connection, const std::string& old_name, const std::string& new_name) {
  std::vector<Carried> all = settings_of(connection, old_name, new_name);
  for (Carried& each : privileges_of(connection, old_name, new_name)) all.push_back(std::move(each));
  for (const Carried& each : all) {
    if (!each.name.empty()) {
      connection.execute("SELECT pg_catalog.set_config($1, $2, false)", {each.name, each.value});
    }
    connection.execute(each.statement);
  }
  connection.execute("RESET ALL");
}

// From a session of its own, while the rename waits for them.
void end_sessions(Connection& connection, const std::string& database) {
  connection.execute(
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
      "WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()",
      {database});
}

void rename(Connection& connection, const std::string& from, const std::string& to) {
  connection.execute(fmt::format("ALTER DATABASE {} RENAME TO {}", quote_identifier(from), quote_identifier(to)));
}

void rename_both(Connection& connection, const std::string& restored, const std::string& name,
                 const std::string& kept) {
  connection.execute("BEGIN");
  rename(connection, name, kept);
  failpoint("restore-between-renames");
  rename(connection, restored, name);
  failpoint("restore-before-commit");
  connection.execute("COMMIT");
}

}  // namespace

void swap_postgres(const Url& from, const Url& to, const std::string& kept) {
  const auto connection = postgres::open_maintenance(to);
  const std::string restored = from.database(), name = to.database();
  const bool there =
      !connection->execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", {name}).rows.empty();
  if (!there) return rename(*connection, restored, name);

  carry_over(*connection, name, restored);
  const auto helper = postgres::open_maintenance(to);
  connection->while_waiting([&](std::chrono::milliseconds) { end_sessions(*helper, name); });
  for (int attempt = 1;; ++attempt) {
    try {
      end_sessions(*helper, name);
      rename_both(*connection, restored, name, kept);
      return;
    } catch (Error& error) {
      connection->rollback();
      if (error.sqlstate == kInUse && attempt < kAttempts) continue;
      error.leaves(fmt::format("\"{}\" is as it was; the restored database is \"{}\"", name, restored));
      throw error.next("end the sessions that are named, then run the restore again");
    }
  }
}

}  // namespace martlet
