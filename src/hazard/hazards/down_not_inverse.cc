#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/leftovers.h"

namespace martlet {
namespace {

constexpr std::size_t kMostSaid = 5;

void check_down(const UpAndDown& both, Findings& found) {
  std::vector<std::string> left = leftovers(both);
  if (left.empty()) return;
  const std::size_t more = left.size() > kMostSaid ? left.size() - kMostSaid : 0;
  left.resize(left.size() - more);
  if (more > 0) left.push_back(fmt::format("and {} more", more));
  const Migration& migration = both.migration;
  HazardFinding& finding =
      found.add(migration, fmt::format("it does not take back what the up part did: {}", join(left, "; ")),
                migration.down->first_line);
  finding.finding.place.file = migration.down->file;
  finding.finding.next = "complete the down part; `martlet test` proves it on a scratch database";
}

const Registered<Hazard> kHazard{{
    .id = "down-not-inverse",
    .severity = Hazard::Severity::error,
    .summary = "a down part that does not take back what the up part did",
    .why = "After a rollback the schema is one that never was: the old code meets columns it does not know, and the "
           "next attempt of the migration fails because half of it is there already. Both parts were executed on the "
           "model, and what is left was compared with what was there before.",
    .safe_form = "Take back every statement of the up part, the last one first. Where rows are lost for good, say "
                 "so: -- martlet:irreversible \"reason\".",
    .check = nullptr,
    .check_down = check_down,
}};

}  // namespace
}  // namespace martlet
