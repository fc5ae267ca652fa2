#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/command.h"
#include "cli/hazard_page.h"
#include "cli/output.h"
#include "hazard/active.h"

namespace martlet {
namespace {

nlohmann::ordered_json to_json(const Hazard& hazard) {
  return {{"id", hazard.id},
          {"severity", severity_word(hazard.severity)},
          {"summary", hazard.summary},
          {"why", hazard.why},
          {"safe_form", hazard.safe_form},
          {"recipe", hazard.recipe}};
}

void list_all(Output& output) {
  std::vector<std::vector<Cell>> rows;
  auto& json = output.json()["hazards"] = nlohmann::ordered_json::array();
  for (const Hazard* each : Registry<Hazard>::all()) {
    json.push_back(to_json(*each));
    rows.push_back({{std::string(each->id), Style::strong},
                    {std::string(severity_word(each->severity))},
                    {std::string(each->summary)}});
  }
  output.table({"hazard", "severity", "what it is"}, rows);
}

int run(Context& context) {
  Output& output = context.output;
  if (context.arguments.has("markdown")) {
    output.raw(hazards_markdown());
    return 0;
  }
  const std::string id = context.arguments.positional(0);
  if (id.empty()) {
    list_all(output);
    return 0;
  }
  require_hazard(id);
  const Hazard& hazard = *Registry<Hazard>::find(id);
  output.json()["hazard"] = to_json(hazard);
  output.raw(hazard_page(hazard));
  return 0;
}

const Registered<Command> kExplain{{.id = "explain",
                                    .summary = "why a hazard is one, and what to do instead",
                                    .details = "Without an id, all hazards that `lint` looks for.",
                                    .options = {{"--markdown", "", "all of them, as docs/hazards.md"}},
                                    .positionals = {{"HAZARD", "its id", Positional::Arity::optional}},
                                    .examples = {"martlet explain", "martlet explain set-not-null"},
                                    .run = run,
                                    .needs_config = false,
                                    .group = "Looking",
                                    .read_only = true}};

}  // namespace
}  // namespace martlet
