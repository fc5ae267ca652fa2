#include "migration/merge.h"

namespace martlet {

std::vector<std::string> merge_heads(const Folder& folder, const std::string& name) {
  const std::vector<const Migration*> tips = heads(folder);
  if (tips.size() < 2) {
    throw Error(ErrorKind::usage, "the version graph has one head: there is nothing to merge")
        .next("see the graph with `martlet heads`");
  }
  NewMigration wanted;
  for (const Migration* tip : tips) wanted.depends.push_back(tip->label);
  wanted.name = name.empty() ? "merge" : name;
  return create_migration(folder, wanted);
}

}  // namespace martlet
