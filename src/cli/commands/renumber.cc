// Two branches took the same number: the one that is not applied gets a new one.
#include "migration/renumber.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/target_ledger.h"

namespace martlet {
namespace {

std::vector<AppliedFile> applied_files(Context& context) {
  const TargetLedger target = read_target_ledger(context.config);
  std::vector<AppliedFile> applied;
  if (!target.ledger) {
    context.output.warn("what is applied could not be looked up: " + target.why_not);
    return applied;
  }
  for (const LedgerRow& row : target.ledger->rows()) {
    if (row.counts_as_applied()) applied.push_back({row.id, row.name});
  }
  return applied;
}

int run(Context& context) {
  const Folder folder = read_folder(folder_options(context.config));
  auto& json = context.output.json()["renumbered"] = nlohmann::ordered_json::array();
  const auto moved = renumber(folder, applied_files(context), context.arguments.positional(0));
  for (const Renumbered& each : moved) {
    json.push_back({{"from", each.from}, {"to", each.to}, {"files", each.paths}});
    context.output.line(fmt::format("{} is now {}: {}", each.from, each.to, join(each.paths, ", ")));
  }
  if (moved.empty()) context.output.line("no two migrations have the same version, and none comes too late");
  return 0;
}

const Registered<Command> kRenumber{
    {.id = "renumber",
     .summary = "give a migration a new number, when two have the same",
     .details = "Without a name: where several migrations have the same version, or one comes before an applied one, "
                "those that are not applied move to the end. An applied migration is never touched.",
     .positionals = {{"MIGRATION", "version or file of the one that moves", Positional::Arity::optional}},
     .examples = {"martlet renumber", "martlet renumber V005__conflict.sql"},
     .run = run}};

}  // namespace
}  // namespace martlet
