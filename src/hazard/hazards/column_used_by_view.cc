#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// Views and rules that read the column, by name.
std::vector<std::string> readers_of(const Case& at, const Relation& table, int column) {
  const auto reads_it = [&](const ColumnUse& use) { return use.relation == table.id && use.column == column; };
  std::vector<std::string> names;
  for (const ObjectId id : table.dependents) {
    const Relation* reader = at.before.relation(id);
    if (!reader) continue;
    if (reader->view && std::ranges::any_of(reader->view->uses, reads_it)) names.push_back("the view " + reader->name);
    for (const Rule& rule : reader->rules) {
      if (!reader->view && std::ranges::any_of(rule.uses, reads_it)) names.push_back("the rule " + rule.name);
    }
  }
  std::ranges::sort(names);
  return names;
}

void check(const Case& at, Findings& found) {
  const Relation* table = at.relation(at.node->alter_table_stmt->relation);
  if (!table) return;
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const bool retypes = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType;
    const bool drops = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn &&
                       command.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    if (!retypes && !drops) continue;
    const Column* column = table->column(std::string_view(command.name));
    if (!column) continue;
    const std::vector<std::string> readers = readers_of(at, *table, column->number);
    if (readers.empty()) continue;
    const std::string name = shown(*at.node->alter_table_stmt->relation);
    found
        .add(at, fmt::format("fails: {} {} {}.{}", join(readers, " and "), readers.size() > 1 ? "read" : "reads", name,
                             QualifiedName{"", command.name}.text()))
        .relations = {name};
  }
}

const Registered<Hazard> kHazard{{
    .id = "column-used-by-view",
    .severity = Hazard::Severity::error,
    .summary = "a column that a view reads is dropped or gets another type",
    .why = "PostgreSQL refuses both: the type of a column that a view or rule uses cannot be changed (0A000), and it "
           "cannot "
           "be dropped while the view stands (2BP01).",
    .safe_form = "In one transaction, drop the view, change the column, and create the view again with its grants; or "
                 "replace the view first by one that does not read the column.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
