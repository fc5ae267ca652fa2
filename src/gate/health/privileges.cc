// May this role do what a run does: keep martlet's tables, and create and alter in the schemas of the migrations?
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/registry.h"
#include "base/text.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "gate/managed_schemas.h"
#include "history/values.h"
#include "sql/statement.h"

namespace martlet {
namespace {

struct Findings {
  std::vector<std::string> denied, doubtful, notes;
  std::vector<std::string> grants;  // what would put it right
};

struct Role {
  std::string name, database;
  bool superuser = false, may_create_databases = false, may_create_schemas = false;
};

Role read_role(Connection& connection) {
  const Result found = connection.execute(
      "SELECT current_user, current_database(), rolsuper, rolcreatedb, "
      "has_database_privilege(current_database(), 'CREATE') FROM pg_catalog.pg_roles WHERE rolname = current_user");
  const Row& row = found.rows.at(0);
  return {quote_identifier(text_of(row[0])), quote_identifier(text_of(row[1])), truth_of(row[2]), truth_of(row[3]),
          truth_of(row[4])};
}

void look_at_history_tables(Connection& connection, const HistoryNames& names, const Role& role, Findings& found) {
  const Result tables = connection.execute(
      "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname = ANY (string_to_array($2, ',')) AND NOT "
      "(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') "
      "AND has_table_privilege(c.oid, 'UPDATE'))",
      {names.raw_schema, join(names.raw_tables(), ",")});
  for (const Row& row : tables.rows) {
    found.denied.push_back(fmt::format("reading and writing {}", text_of(row[0])));
    found.grants.push_back(fmt::format("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}", text_of(row[0]), role.name));
  }
}

void look_at_history(Connection& connection, const HistoryNames& names, const Role& role, Findings& found) {
  const Result schema = connection.execute(
      "SELECT has_schema_privilege(oid, 'USAGE'), has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace "
      "WHERE nspname = $1",
      {names.raw_schema});
  if (schema.rows.empty()) {
    if (role.may_create_schemas) return;
    found.denied.push_back(fmt::format("creating martlet's schema {}", names.schema));
    found.grants.push_back(fmt::format("CREATE SCHEMA {} AUTHORIZATION {}", names.schema, role.name));
    return;
  }
  if (!truth_of(schema.rows[0][0])) {
    found.denied.push_back(fmt::format("using martlet's schema {}", names.schema));
    found.grants.push_back(fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", names.schema, role.name));
    return;
  }
  const bool complete =
      connection
          .execute("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL", {names.ledger, names.control})
          .rows.at(0)
          .at(0) == "t";
  if (!complete && !truth_of(schema.rows[0][1])) {
    found.denied.push_back(fmt::format("creating tables in martlet's schema {}", names.schema));
    found.grants.push_back(fmt::format("GRANT CREATE ON SCHEMA {} TO {}", names.schema, role.name));
  }
  look_at_history_tables(connection, names, role, found);
}

void look_at_schemas(HealthSituation& situation, const Role& role, Findings& found) {
  const Result schemas = situation.connection().execute(
      "SELECT n.nspname, has_schema_privilege(n.oid, 'CREATE'), "
      "  (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r','p','v','m') "
      "   AND NOT pg_has_role(c.relowner, 'USAGE')) "
      "FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', $1) "
      "ORDER BY 1",
      {situation.names.raw_schema});
  const std::vector<std::string> managed = managed_schemas(situation);
  for (const Row& row : schemas.rows) {
    const std::string name = text_of(row[0]);
    if (std::find(managed.begin(), managed.end(), name) == managed.end()) continue;
    if (!truth_of(row[1])) {
      found.denied.push_back(fmt::format("creating in schema {}", quote_identifier(name)));
      found.grants.push_back(fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", quote_identifier(name), role.name));
    }
    const auto foreign = static_cast<std::size_t>(number_of(row[2]));
    if (foreign > 0) {
      found.doubtful.push_back(fmt::format("{} in schema {} of other roles: only their owner can alter them",
                                           counted(foreign, "table or view", "tables and views"),
                                           quote_identifier(name)));
    }
  }
}

HealthResult run(HealthSituation& situation) {
  const Role role = read_role(situation.connection());
  Findings found;
  found.notes.push_back(role.may_create_databases
                            ? "may create scratch databases (for `test` and `--dry-run=execute`)"
                            : "may not create scratch databases: `test` and `--dry-run=execute` need scratch_url, or "
                              "PostgreSQL's server programs on this machine");
  if (role.superuser) {
    found.notes.push_back("a superuser may do more than migrations need: a role of their own is safer");
    return HealthResult::good(fmt::format("role {} is a superuser", role.name), found.notes);
  }
  look_at_history(situation.connection(), situation.names, role, found);
  look_at_schemas(situation, role, found);
  std::vector<std::string> details;
  for (const std::string& line : found.denied) details.push_back("not allowed: " + line);
  details.insert(details.end(), found.doubtful.begin(), found.doubtful.end());
  details.insert(details.end(), found.notes.begin(), found.notes.end());
  if (!found.denied.empty()) {
    return HealthResult::bad(ErrorKind::refused, fmt::format("role {} may not do what a run needs", role.name),
                             fmt::format("let a superuser or the owner run: {}", join(found.grants, "; ")), details);
  }
  if (!found.doubtful.empty()) {
    return HealthResult::warning(fmt::format("role {} does not own everything", role.name),
                                 fmt::format("run migrations as the owner, or GRANT the owning role TO {}", role.name),
                                 details);
  }
  return HealthResult::good(fmt::format("role {} may do what a run needs, and is not a superuser", role.name), details);
}

const Registered<HealthCheck> kCheck{{
    .id = "privileges",
    .summary = "the role may keep martlet's tables and create in the migrations' schemas",
    .asked_by = AskedBy::doctor,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
