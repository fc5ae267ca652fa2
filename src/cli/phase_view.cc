#include "cli/phase_view.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

// What stands below `-- martlet:contract` is planned when it runs.
std::vector<std::string> statements_of(const WaitingPhase& waiting) {
  std::vector<std::string> statements;
  for (const PlannedStep& each : waiting.planned.steps) {
    if (each.phase == waiting.next && !each.of_section) statements.push_back(each.statement.text);
  }
  if (waiting.next != Phase::contract || !waiting.planned.contract) return statements;
  for (const Statement& each : split(*waiting.planned.contract, Dialect::postgres)) statements.push_back(each.text);
  return statements;
}

void show(Output& output, const PhaseLook& look) {
  output.line(fmt::format("{}  {}  ({})", look.label, look.name, phase_name(look.waiting.next)), Style::strong);
  for (const std::string& each : statements_of(look.waiting)) {
    for (const std::string& line : split_lines(each + ";")) output.line("    " + line);
  }
  for (const std::string& each : look.found.uses) output.line("  in use: " + each, Style::bad);
  for (const std::string& each : look.found.not_looked_at) output.line("  not looked at: " + each, Style::warning);
  output.line();
}

}  // namespace

int show_look(Context& context, const std::vector<PhaseLook>& looks) {
  Json list = Json::array();
  for (const PhaseLook& each : looks) {
    show(context.output, each);
    Json json = phase_json(each.waiting);
    json["version"] = each.waiting.planned.id;
    json["statements"] = statements_of(each.waiting);
    json["uses"] = each.found.uses;
    json["not_looked_at"] = each.found.not_looked_at;
    list.push_back(std::move(json));
  }
  context.output.json()["migrations"] = std::move(list);
  context.output.json()["dry_run"] = true;
  context.output.line(looks.empty() ? "nothing to do" : "nothing was run");
  return 0;
}

Json phase_json(const WaitingPhase& waiting) {
  return {
      {"next", phase_name(waiting.next)}, {"since", waiting.since}, {"due", waiting.due}, {"is_due", waiting.is_due}};
}

void show_waiting(Output& output, const WaitingPhase& waiting) {
  const bool contract = waiting.next == Phase::contract;
  output.line(
      fmt::format("{} is {} since {}: {} {} {} (`martlet {}`)", waiting.entry->label(),
                  contract ? "expanded" : "contracted", waiting.since.substr(0, 10), phase_name(waiting.next),
                  waiting.is_due ? "was due on" : "is due on", waiting.due.substr(0, 10), phase_name(waiting.next)),
      waiting.is_due ? Style::warning : Style::plain);
}

}  // namespace martlet
