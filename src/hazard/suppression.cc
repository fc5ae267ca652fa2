#include "hazard/suppression.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "migration/arguments.h"

namespace martlet {
namespace {

const SourceText* part_with(const Migration& migration, const Place& place) {
  const SourceText* found = migration.up.file == place.file ? &migration.up : nullptr;
  for (const auto* part : {&migration.contract, &migration.down}) {
    const bool holds = *part && (*part)->file == place.file && (*part)->first_line <= place.line;
    if (holds && (!found || found->first_line < (*part)->first_line)) found = &**part;
  }
  return found;
}

// An empty line between two lines of a file?
bool gap_between(const Migration& migration, const Place& from, int to) {
  const SourceText* part = part_with(migration, from);
  if (!part) return false;
  const std::vector<std::string> lines = split_lines(part->text);
  for (int line = from.line + 1; line < to; ++line) {
    const auto index = static_cast<std::size_t>(line - part->first_line);
    if (index < lines.size() && trim(lines[index]).empty()) return true;
  }
  return false;
}

// The statement that begins next; but the one that the allow stands in, where that one ends before.
const StatementLines* statement_of(const Place& allow, const std::vector<StatementLines>& statements) {
  const StatementLines* inside = nullptr;
  for (const StatementLines& each : statements) {
    if (each.first.file != allow.file || each.last_line < allow.line) continue;
    if (each.first.line > allow.line) return inside && inside->last_line < each.first.line ? inside : &each;
    inside = &each;
  }
  return inside;
}

HazardFinding complaint(const ActiveHazard& active, const Place& place, std::string message, std::string next) {
  return {.finding = {.severity = active.severity,
                      .id = std::string(active.hazard->id),
                      .place = place,
                      .message = std::move(message),
                      .next = std::move(next)}};
}

}  // namespace

Suppressions::Suppressions(const Migration& migration, std::vector<StatementLines> statements) {
  for (const Directive& directive : migration.directives) {
    if (directive.name == "allow") allows_.push_back(read(migration, directive, statements));
  }
}

Suppressions::Allow Suppressions::read(const Migration& migration, const Directive& directive,
                                       const std::vector<StatementLines>& statements) {
  Allow allow{.hazard = DirectiveWords(directive.arguments).word(), .place = directive.place};
  const auto of_file = [&](const StatementLines& each) { return each.first.file == allow.place.file; };
  const auto first = std::ranges::find_if(statements, of_file);
  if (const StatementLines* meant = statement_of(allow.place, statements)) allow.statement = meant->first;
  allow.in_head = first == statements.end() || first->first.line > allow.place.line;
  allow.whole_file =
      allow.in_head && (first == statements.end() || gap_between(migration, allow.place, first->first.line));
  return allow;
}

bool Suppressions::covers(const Allow& allow, const HazardFinding& finding) {
  if (allow.hazard != finding.finding.id) return false;
  if (finding.statement.place.line == 0) return allow.in_head;
  if (finding.statement.place.file != allow.place.file) return false;
  const auto is_meant = [&](const Place& place) {
    return place.line == allow.statement.line && place.column == allow.statement.column;
  };
  return allow.whole_file || is_meant(finding.statement.place) || is_meant(finding.block);
}

std::size_t Suppressions::apply(std::vector<HazardFinding>& findings) {
  if (allows_.empty()) return 0;
  return std::erase_if(findings, [&](const HazardFinding& finding) {
    bool covered = false;
    for (Allow& allow : allows_) {
      if (!covers(allow, finding)) continue;
      allow.used = covered = true;
    }
    return covered;
  });
}

std::vector<HazardFinding> Suppressions::complaints(const ActiveHazards& active) const {
  std::vector<HazardFinding> all;
  const ActiveHazard* unknown = active.find("unknown-hazard");
  const ActiveHazard* unused = active.find("unused-allow");
  for (const Allow& allow : allows_) {
    if (!Registry<Hazard>::find(allow.hazard)) {
      if (!unknown) continue;
      all.push_back(complaint(*unknown, allow.place, fmt::format("no hazard is called \"{}\"", allow.hazard),
                              nearest_hazard(allow.hazard)));
    } else if (unused && !allow.used && active.find(allow.hazard)) {
      all.push_back(complaint(*unused, allow.place,
                              allow.whole_file ? fmt::format("nothing in this file has the hazard {}", allow.hazard)
                                               : fmt::format("the statement below has no hazard {}", allow.hazard),
                              "remove the line, or move it above the statement that is meant"));
    }
  }
  return all;
}

}  // namespace martlet
