#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

int run(Context& context) {
  const Folder folder = read_folder(folder_options(context.config));
  NewMigration wanted;
  std::vector<std::string> labels;
  for (const Migration* head : heads(folder)) {
    wanted.depends.push_back(head->version);
    labels.push_back(head->label);
  }
  auto& json = context.output.json()["files"] = nlohmann::ordered_json::array();
  if (labels.size() < 2) {
    context.output.line("nothing to merge: there is one head at most");
    return 0;
  }
  wanted.name = join(context.arguments.positionals(), " ");
  if (wanted.name.empty()) wanted.name = "merge " + join(labels, " and ");
  for (const std::string& file : create_migration(folder, wanted)) {
    json.push_back(file);
    context.output.line(fmt::format("wrote {}, which depends on {}", file, join(labels, ", ")));
  }
  return 0;
}

const Registered<Command> kMerge{
    {.id = "merge",
     .summary = "a migration that joins several heads",
     .details = "Writes a migration that depends on every head and changes nothing by itself.",
     .positionals = {{"NAME", "its name; default: which heads it merges", Positional::Arity::any}},
     .examples = {"martlet merge", "martlet merge orders and billing"},
     .run = run}};

}  // namespace
}  // namespace martlet
