// Do the files and the ledger tell the same story? What is merely pending does.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "gate/kind.h"

namespace martlet {
namespace {

bool is_consistent(Standing standing) {
  switch (standing) {
    case Standing::edited:
    case Standing::missing:
    case Standing::out_of_order:
    case Standing::partial:
      return false;
    default:
      return true;
  }
}

GateMeasurement read(GateWorld& world, const Gate&) {
  const Ledger ledger = Ledger::read(world.connection(), world.names(), Ledger::Detail::standing);
  if (!ledger.exists()) return GateMeasurement::does_not_apply("martlet has no tables in this database yet");
  std::vector<std::string> wrong;
  const Folder folder = read_folder(world.target.health.folder);
  const std::vector<StandingEntry> entries = compare(folder, ledger);
  for (const StandingEntry& entry : entries) {
    if (!is_consistent(entry.standing))
      wrong.push_back(entry.label() + " " + std::string(standing_name(entry.standing)));
  }
  const std::string about = wrong.empty() ? "at " + current_version(entries) : join(wrong, ", ");
  return GateMeasurement::of(static_cast<double>(wrong.size()), about);
}

const Registered<BuiltinGate> kGate{{
    .id = "version_consistency",
    .summary = "no migration is edited, gone, out of order or half-done",
    .value = "migrations",
    .success = "value == 0",
    .failure = "",
    .read = read,
}};

}  // namespace
}  // namespace martlet
