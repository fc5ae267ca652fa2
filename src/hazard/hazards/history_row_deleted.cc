#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sqlite_alter.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// Where migration tools keep what was applied.
bool is_history(std::string_view name) {
  return is_one_of(
      name, {"schema_migrations", "flyway_schema_history", "databasechangelog", "alembic_version", "knex_migrations",
             "pgmigrations", "__drizzle_migrations", "_prisma_migrations", "atlas_schema_revisions", "goose_db_version",
             "__diesel_schema_migrations", "schema_version", "schema_history", "migration_history", "migrations"});
}

std::string deletion(std::string_view what, const std::string& table) {
  return fmt::format("{} {}: what was applied when is no longer known", what, table);
}

void look_at(const Case& at, const PgQuery__RangeVar* table, std::string_view what, Findings& found) {
  if (!table || !is_history(table->relname)) return;
  found.add(at, deletion(what, shown(*table))).relations = {shown(*table)};
}

void check_sqlite(const Case& at, Findings& found) {
  Lexer words(at.statement.text, Dialect::sqlite);
  if (!words.accept({"delete", "from"})) return;
  const std::string table = words.accept_name();
  if (!is_history(sqlite_name(table))) return;
  found.add(at, deletion("deletes rows of", table)).relations = {table};
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) return check_sqlite(at, found);
  const Node& node = *at.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return look_at(at, node.delete_stmt->relation, "deletes rows of", found);
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      for (const Node* each : list(node.truncate_stmt->n_relations, node.truncate_stmt->relations)) {
        look_at(at, each->range_var, "empties", found);
      }
      return;
    default:
      return;
  }
}

const Registered<Hazard> kHazard{{
    .id = "history-row-deleted",
    .severity = Hazard::Severity::error,
    .summary = "rows of a migration history are deleted",
    .why = "The history says what happened to a database. A row that is gone makes a migration that was applied look "
           "as if "
           "it never was: who did it, when, and that it was taken back, is lost, and the next run applies it again.",
    .safe_form =
        "Let the tool do it: `martlet down` adds an event and changes the state of the row, `martlet repair` and "
        "`martlet stamp VERSION` put right what is wrong.",
    .on = {PG_QUERY__NODE__NODE_DELETE_STMT, PG_QUERY__NODE__NODE_TRUNCATE_STMT},
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
