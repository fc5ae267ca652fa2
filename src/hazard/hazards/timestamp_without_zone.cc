#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// `timestamp`, `timestamp(3)`, each perhaps followed by `without time zone`, with `with time zone` instead.
TextFix with_time_zone(const Statement& statement, std::size_t begin) {
  Lexer words(std::string_view(statement.text).substr(begin), Dialect::postgres);
  const Token name = words.next();
  std::size_t end = begin + name.offset + name.text.size();
  if (words.accept('(')) {
    words.next();
    const Token closing = words.next();
    end = begin + closing.offset + closing.text.size();
  }
  Lexer ahead = words;
  if (!ahead.accept("without")) return {.edits = {{end, end, " with time zone"}}};
  const Token without = words.next();
  const std::size_t at = begin + without.offset;
  return {.edits = {{at, at + without.text.size(), "with"}}};
}

void check(const Case& at, Findings& found) {
  each_written_column(*at.node, [&](const WrittenColumn& column) {
    const PgQuery__TypeName& type = *column.definition.type_name;
    if (type_name(&type) != "timestamp") return;
    HazardFinding& finding =
        found.add(at,
                  fmt::format("{} of {} does not say which moment it means",
                              QualifiedName{"", std::string(column.name)}.text(), shown(column.table)),
                  type.location);
    finding.relations = {shown(column.table)};
    const auto begin = static_cast<std::size_t>(type.location);
    if (column.by != WrittenColumn::By::retype &&
        equals_ignoring_case(at.statement.text.substr(begin, 9), "timestamp")) {
      finding.fix = with_time_zone(at.statement, begin);
    }
  });
}

const Registered<Hazard> kHazard{{
    .id = "timestamp-without-zone",
    .severity = Hazard::Severity::info,
    .summary = "timestamp without time zone",
    .why =
        "It holds what a clock showed and not where: now() is cut to the session's TimeZone, so that two writers with "
        "different settings store different values for one moment, and an hour in autumn comes twice. Changing it "
        "later "
        "rewrites the table unless TimeZone is UTC.",
    .safe_form = "Use timestamptz. It is stored as UTC in the same eight bytes.",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
