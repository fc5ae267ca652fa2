#include "migration/merge.h"

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

int run(Context& context) {
  const Folder folder = read_folder(folder_options(context.config));
  auto& json = context.output.json()["files"] = nlohmann::ordered_json::array();
  if (heads(folder).size() < 2) {
    context.output.line("nothing to merge: there is one head at most");
    return 0;
  }
  std::string name = join(context.arguments.positionals(), " ");
  if (name.empty()) name = context.arguments.text("message");
  for (const std::string& file : merge_heads(folder, name.empty() ? "merge" : name)) {
    json.push_back(file);
    context.output.line("wrote " + file);
  }
  return 0;
}

const Registered<Command> kMerge{
    {.id = "merge",
     .summary = "a migration that joins several heads",
     .details = "Writes a migration that depends on every head and changes nothing by itself.",
     .options = {{"-m,--message", "TEXT", "the name, as other tools take it"}},
     .positionals = {{"NAME", "its name", Positional::Arity::any}},
     .examples = {"martlet merge", "martlet merge orders and billing"},
     .run = run}};

}  // namespace
}  // namespace martlet
