#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/body.h"
#include "sql/format_call.h"

namespace martlet {
namespace {

// What EXECUTE runs where it runs a variable: the texts that are assigned to it.
std::vector<const BodyPart*> sources_of(const Body& body, const BodyPart& executed) {
  std::vector<const BodyPart*> sources;
  const std::string name = lower(trim(executed.statement.text));
  for (const BodyPart& part : body.parts) {
    if (part.kind == PlpgsqlPart::Kind::assignment && lower(part.target) == name) sources.push_back(&part);
  }
  if (sources.empty()) sources.push_back(&executed);
  return sources;
}

// Does the variable only go on with itself: query := query || ' WHERE …'?
bool is_itself(const std::string& raw, const BodyPart& part) {
  return !part.target.empty() && equals_ignoring_case(raw, part.target);
}

// Where the text of the expression is found once: a body that is a literal with escapes is written in another way.
std::optional<TextFix> with_format(const Case& at, const std::string& expression) {
  const std::string& text = at.statement.text;
  const std::size_t begin = text.find(expression);
  if (begin == std::string::npos || text.find(expression, begin + 1) != std::string::npos) return std::nullopt;
  std::optional<std::string> call = as_format_call(expression);
  if (!call) return std::nullopt;
  return TextFix{.edits = {{begin, begin + expression.size(), std::move(*call)}}};
}

void look_at(const Case& at, const BodyPart& part, Findings& found) {
  const DynamicText text = read_dynamic(part.statement.text);
  if (text.form == DynamicText::Form::opaque) return;
  for (const std::string& raw : text.raw) {
    if (is_itself(raw, part)) continue;
    HazardFinding& finding = found.add(at, fmt::format("{} becomes part of the SQL as it is", raw));
    finding.finding.place = part.statement.place;
    finding.fix = with_format(at, part.statement.text);
    finding.finding.next = "use format() with %I for names and %L for values, or USING";
    if (!finding.fix) finding.finding.next += "; `lint --fix` leaves it, because the text does not tell which it is";
  }
}

void check(const Case& at, Findings& found) {
  const std::optional<Body> body = open_body(at.statement, *at.node);
  if (!body) return;
  std::vector<const BodyPart*> seen;
  for (const BodyPart& part : body->parts) {
    if (part.kind != PlpgsqlPart::Kind::dynamic) continue;
    for (const BodyPart* source : sources_of(*body, part)) {
      if (std::ranges::find(seen, source) != seen.end()) continue;
      seen.push_back(source);
      look_at(at, *source, found);
    }
  }
}

const Registered<Hazard> kHazard{{
    .id = "dynamic-sql-injection",
    .severity = Hazard::Severity::error,
    .summary = "EXECUTE of a text into which values are pasted",
    .why =
        "A name with a capital letter or a value with a quote breaks the statement; one that somebody chose on purpose "
        "makes another statement of it, which runs with the rights of the function.",
    .safe_form =
        "format('… %I … %L …', name, value), quote_ident() and quote_literal(), or EXECUTE … USING for values. %s "
        "pastes as || does; a cast to a number, a date or regclass is safe.",
    .on = {PG_QUERY__NODE__NODE_DO_STMT, PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
