#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// Where the word itself is written, not `pg_catalog.json`.
std::optional<TextFix> as_jsonb(const Statement& statement, const PgQuery__TypeName& type) {
  constexpr std::string_view kWord = "json";
  const auto begin = static_cast<std::size_t>(type.location);
  if (!equals_ignoring_case(statement.text.substr(begin, kWord.size()), kWord)) return std::nullopt;
  const std::size_t end = begin + kWord.size();
  return TextFix{.edits = {{end, end, "b"}}};
}

void check(const Case& at, Findings& found) {
  each_written_column(*at.node, [&](const WrittenColumn& column) {
    const bool is_json =
        type_name(column.definition.type_name) == "json" && column.definition.type_name->n_array_bounds == 0;
    if (!is_json || column.by == WrittenColumn::By::create || !is_live(at, &column.table)) return;
    const std::string name = shown(column.table);
    HazardFinding& finding = found.add(
        at,
        fmt::format("queries of {} with SELECT DISTINCT, GROUP BY or UNION over all columns fail: json has no "
                    "equality, jsonb has",
                    name),
        column.definition.type_name->location);
    finding.relations = {name};
    if (column.by == WrittenColumn::By::add) finding.fix = as_jsonb(at.statement, *column.definition.type_name);
  });
}

const Registered<Hazard> kHazard{{
    .id = "json-column",
    .severity = Hazard::Severity::warning,
    .summary = "a table in use gets a column of type json",
    .why = "json has no equality operator: SELECT DISTINCT, GROUP BY, UNION over all columns, and comparisons of whole "
           "rows "
           "that worked before fail with 42883.",
    .safe_form =
        "Use jsonb. It has equality, can be indexed, and only does not keep white space, the order of keys and "
        "duplicate keys.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
