#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

bool is_enum_catalog(const PgQuery__RangeVar* range) {
  return range && std::string_view(range->relname) == "pg_enum" && is_one_of(range->schemaname, {"", "pg_catalog"});
}

const Type* enum_of(const Type* type) {
  return type && type->kind == Type::Kind::enumeration ? type : nullptr;
}

// Labels of the column's old enum that its new one has not.
void look_at_type_changes(const Case& at, Findings& found) {
  each_written_column(*at.node, [&](const WrittenColumn& written) {
    const Relation* before = at.relation(&written.table);
    const Relation* now = before ? at.catalog.relations.get(before->id) : nullptr;
    if (written.by != WrittenColumn::By::retype || !now || !is_live(at, &written.table)) return;
    const Column* old_column = before->column(written.name);
    const Column* new_column = now->column(written.name);
    if (!old_column || !new_column) return;
    const Type* old_type = enum_of(at.before.type(old_column->type.type));
    const Type* new_type = enum_of(at.catalog.types.get(new_column->type.type));
    if (!old_type || !new_type) return;
    std::vector<std::string> gone;
    for (const std::string& label : old_type->labels) {
      if (std::ranges::count(new_type->labels, label) == 0) gone.push_back("'" + label + "'");
    }
    if (gone.empty()) return;
    const std::string name = shown(written.table);
    found
        .add(at, fmt::format("{} no longer has {}: fails where {}.{} has it, and code that writes it fails",
                             new_type->name, join(gone, ", "), name, written.name))
        .relations = {name};
  });
}

// The grammar has no such form, so it is the words that tell.
bool drops_value(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  return words.accept({"alter", "type"}) && !words.accept_name().empty() && words.accept({"drop", "value"});
}

void check(const Case& at, Findings& found) {
  if (!at.node) {
    if (drops_value(at.statement)) found.add(at, "PostgreSQL cannot drop a value of an enum");
    return;
  }
  const bool deletes =
      at.node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT && is_enum_catalog(at.node->delete_stmt->relation);
  const bool updates =
      at.node->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT && is_enum_catalog(at.node->update_stmt->relation);
  if (deletes || updates) {
    found.add(at, "writing to pg_enum leaves rows and indexes whose value is no longer in the type");
  } else if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    look_at_type_changes(at, found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "enum-value-removal",
    .severity = Hazard::Severity::error,
    .summary = "a value of an enum is taken away",
    .why =
        "Rows that have the value cannot be cast, or cannot be read any more where pg_enum was written to; code that "
        "still writes it fails with 22P02. PostgreSQL has no command for it, because index pages may hold the value.",
    .safe_form =
        "Stop writing the value, change the rows that have it in batches, and forbid it with a CHECK NOT VALID "
        "that is validated later. The label may stay.",
    .on = {},
    .check = check,
}};

}  // namespace
}  // namespace martlet
