#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

std::size_t end_of(const Token& token) {
  return token.offset + token.text.size();
}

// The bytes of `varchar (255)`, `character varying(255)`, …; its end is 0 where it is written in another way.
TextEdit as_text(const Statement& statement, std::size_t begin) {
  Lexer words(std::string_view(statement.text).substr(begin), Dialect::postgres);
  words.next();
  words.accept("varying");
  if (!words.accept('(')) return {};
  const Token length = words.next();
  const Token closing = words.next();
  if (length.kind != Token::Kind::number || !closing.is(')')) return {};
  return {begin, begin + end_of(closing), "text"};
}

void check(const Case& at, Findings& found) {
  each_written_column(*at.node, [&](const WrittenColumn& column) {
    const PgQuery__TypeName& type = *column.definition.type_name;
    const std::string_view name = type_name(&type);
    if ((name != "varchar" && name != "bpchar") || type.n_typmods == 0) return;
    HazardFinding& finding =
        found.add(at,
                  fmt::format("{} of {} has a length that can only be changed under ACCESS EXCLUSIVE",
                              QualifiedName{"", std::string(column.name)}.text(), shown(column.table)),
                  type.location);
    finding.relations = {shown(column.table)};
    const TextEdit edit = as_text(at.statement, static_cast<std::size_t>(type.location));
    if (edit.end > 0) finding.fix = TextFix{.edits = {edit}};
  });
}

const Registered<Hazard> kHazard{{
    .id = "varchar-n",
    .severity = Hazard::Severity::off,
    .summary = "varchar(n) or char(n) where text would do",
    .why = "text and varchar(n) are stored alike and equally fast. A length that turns out too small is an ALTER TABLE "
           "under ACCESS EXCLUSIVE; a smaller one rewrites the table; char(n) also pads with spaces.",
    .safe_form = "Use text, with a CHECK on the length where there must be one: it can be added NOT VALID and changed "
                 "without blocking anybody.",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
