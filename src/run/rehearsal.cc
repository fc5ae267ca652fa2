#include "run/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "history/names.h"
#include "run/scratch_copy.h"
#include "run/user_relations.h"
#include "schema/dump.h"
#include "sql/nodes.h"

namespace martlet {
namespace {

/// Those that can be written.
std::string column_list(const Relation& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) {
    if (!column.generated) names.push_back(quote_identifier(column.name));
  }
  return join(names, ", ");
}

}  // namespace

template <class Action>
void Rehearsal::attempt(const std::string& what, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.sqlstate.empty() || error.kind == ErrorKind::cancelled) throw;
    lacks_.push_back(fmt::format("{}: {}", what, error.message));
  }
}

Rehearsal::Rehearsal(const RunSettings& settings, const std::string& server, const Catalog& target, int rows)
    : Rehearsal(settings, server, target, rows,
                *open_connection(settings.url, {.application_name = settings.who.application})) {}

Rehearsal::Rehearsal(const RunSettings& settings, const std::string& server, const Catalog& target, int rows,
                     Connection& from)
    : scratch_(make_scratch(settings, server)) {
  connection_ = open_connection(scratch_->url(), {.application_name = settings.who.application});
  connection_->on_notice([](const Notice&) {});
  copy_schema(from, settings);
  // Rows come in any order: foreign keys and triggers are not asked.
  attempt("rows without their triggers", [&] { connection_->execute("SET session_replication_role = replica"); });
  for (const Relation* table : user_relations(target, RelationKind::table)) copy_rows(from, *table, rows);
  for (const Relation* view : user_relations(target, RelationKind::materialized_view)) fill(*view);
  connection_->execute("RESET session_replication_role");
}

void Rehearsal::copy_schema(Connection& target, const RunSettings& settings) {
  const HistoryNames names = HistoryNames::make(settings.history, Dialect::postgres);
  const SourceText schema{dump_schema(target, settings.url, names), "schema of the target", 1};
  for (const Statement& statement : split(schema, Dialect::postgres)) {
    attempt(std::string(trim(statement.text.substr(0, statement.text.find('\n')))),
            [&] { connection_->execute(statement.text); });
  }
}

void Rehearsal::copy_rows(Connection& target, const Relation& table, int rows) {
  const std::string columns = column_list(table);
  if (table.pages == 0 || columns.empty() || table.extension) return;
  const Value there = connection_->execute("SELECT to_regclass($1)", {qualified(table)}).rows.at(0).at(0);
  if (!there) return;
  std::string data;
  attempt(fmt::format("rows of {}", qualified(table)), [&] {
    target.copy_out(fmt::format("COPY (SELECT {} FROM ONLY {} LIMIT {}) TO STDOUT", columns, qualified(table), rows),
                    [&](std::string_view chunk) { data += chunk; });
    connection_->copy_in(fmt::format("COPY {} ({}) FROM STDIN", qualified(table), columns), data);
  });
}

void Rehearsal::fill(const Relation& materialized_view) {
  if (!materialized_view.view || !materialized_view.view->populated) return;
  attempt(fmt::format("rows of {}", qualified(materialized_view)),
          [&] { connection_->execute("REFRESH MATERIALIZED VIEW " + qualified(materialized_view)); });
}

}  // namespace martlet
