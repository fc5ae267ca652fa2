#include "base/registry.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

int run(Context& context) {
  const Folder folder = read_folder(folder_options(context.config));
  auto& json = context.output.json()["heads"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const Migration* head : heads(folder)) {
    json.push_back({{"version", head->version}, {"name", head->name}, {"file", head->file}});
    rows.push_back({{head->label, Style::strong}, {head->name}, {head->file, Style::dim}});
  }
  if (rows.empty())
    context.output.line("no migrations yet");
  else
    context.output.table({}, rows);
  if (rows.size() > 1) context.output.line("`martlet merge` makes them one");
  return 0;
}

const Registered<Command> kHeads{{.id = "heads",
                                  .summary = "the newest migrations of each branch",
                                  .details = "The tips of the version graph: versions that no other one depends on. "
                                             "More than one means that branches were merged without their migrations; "
                                             "`up` refuses that until `martlet merge` has joined them.",
                                  .run = run,
                                  .group = "Looking",
                                  .read_only = true}};

}  // namespace
}  // namespace martlet
