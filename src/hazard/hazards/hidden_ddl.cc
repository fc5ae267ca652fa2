#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/body.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// "DROP TABLE", "ALTER TABLE", …, where the text begins with a change of the schema; "" where it does not.
std::string change_in(std::string_view sql) {
  Lexer words(sql, Dialect::postgres);
  const Token first = words.next();
  if (first.is("truncate")) return "TRUNCATE";
  if (!first.is("create") && !first.is("alter") && !first.is("drop")) return "";
  std::string change(first.text);
  Token second = words.next();
  while (second.is("or") || second.is("replace") || second.is("unique") || second.is("unlogged") ||
         second.is("materialized") || second.is("constraint")) {
    second = words.next();
  }
  if (second.is("temp") || second.is("temporary")) return "";  // nobody else sees it
  change += " ";
  change += second.text;
  for (char& c : change) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return change;
}

void add(const Case& at, const BodyPart& part, std::string message, Findings& found) {
  found.add(at, std::move(message)).finding.place = part.statement.place;
}

void look_at_dynamic(const Case& at, const BodyPart& part, bool is_do, Findings& found) {
  const DynamicText text = read_dynamic(part.statement.text);
  if (text.form == DynamicText::Form::constant) return;  // its statements are parts themselves
  const std::string change = change_in(text.sql);
  if (!change.empty()) {
    add(at, part, fmt::format("{} of what is only known at run time cannot be judged", change), found);
  } else if (is_do && text.form == DynamicText::Form::opaque) {
    add(at, part, "SQL that is only known at run time cannot be judged", found);
  }
}

void check(const Case& at, Findings& found) {
  const std::optional<Body> body = open_body(at.statement, *at.node);
  if (!body) return;
  const bool is_do = at.node->node_case == PG_QUERY__NODE__NODE_DO_STMT;
  if (!body->problem.empty()) {
    found.add(at, fmt::format("its body cannot be read: {}", body->problem));
  } else if (is_do && body->language != "plpgsql") {
    found.add(at, fmt::format("a body in {} cannot be judged", body->language));
  }
  for (const BodyPart& part : body->parts) {
    if (part.kind == PlpgsqlPart::Kind::dynamic) look_at_dynamic(at, part, is_do, found);
    if (part.kind != PlpgsqlPart::Kind::statement || is_do) continue;
    const std::string change = change_in(part.statement.text);
    if (!change.empty()) add(at, part, fmt::format("{} runs whenever the function is called", change), found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "hidden-ddl",
    .severity = Hazard::Severity::warning,
    .summary = "changes of the schema inside a function, or in text that is made at run time",
    .why =
        "A function changes the schema when somebody calls it, with the locks that takes, and no migration tells. What "
        "EXECUTE runs is not known before: neither its locks nor what it destroys can be said. Constant statements in "
        "a DO block are judged like all others.",
    .safe_form =
        "Write the statements out in a migration. Where names must be looked up, generate the migration's text "
        "once and review it.",
    .on = {PG_QUERY__NODE__NODE_DO_STMT, PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
