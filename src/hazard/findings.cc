// What hazards found, and the recipes that go with it.
#include <algorithm>

#include "base/registry.h"
#include "hazard/hazard.h"
#include "sql/places.h"

namespace martlet {
namespace {

constexpr std::size_t kUsualFindings = 16;  // of a file; a finding is large, and growing from one moves each four times

}  // namespace

HazardFinding& Findings::add(const Case& at, std::string message, int location) {
  if (found_.capacity() == 0) found_.reserve(kUsualFindings);
  const Place place = location < 0 ? at.statement.place : place_in(at.statement, static_cast<std::size_t>(location));
  return found_.emplace_back(HazardFinding{
      .finding = {.severity = severity, .id = std::string(hazard->id), .place = place, .message = std::move(message)}});
}

HazardFinding& Findings::add(const Migration& migration, std::string message, int line) {
  return found_.emplace_back(HazardFinding{.finding = {.severity = severity,
                                                       .id = std::string(hazard->id),
                                                       .place = {migration.file, line},
                                                       .message = std::move(message)}});
}

void Findings::offer(HazardFinding& finding, const Case& at, const Relation* table,
                     const PgQuery__AlterTableCmd* command, const PgQuery__Constraint* constraint,
                     std::string_view recipe) const {
  const Recipe* found = Registry<Recipe>::find(recipe.empty() ? hazard->recipe : recipe);
  if (!found || !at.node || !wants_details) return;
  const Operation operation{.statement = at.statement,
                            .node = *at.node,
                            .command = command,
                            .constraint = constraint,
                            .table = table,
                            .catalog = at.catalog,
                            .before = at.before,
                            .session = at.session};
  finding.steps = found->steps(operation);
  if (finding.steps.empty()) return;
  finding.command = command;
  finding.recipe = found->id;
  finding.safe_sql = render(with_rest(operation, finding.steps));
}

void Findings::withdraw(const std::function<bool(const HazardFinding&)>& is_made_good) {
  const auto begin = found_.begin() + static_cast<std::ptrdiff_t>(std::min(part_begin_, found_.size()));
  const auto kept = std::remove_if(begin, found_.end(), [&](const HazardFinding& each) {
    return each.finding.id == hazard->id && is_made_good(each);
  });
  found_.erase(kept, found_.end());
}

std::vector<HazardFinding> Findings::take() {
  part_begin_ = 0;
  return std::exchange(found_, {});
}

}  // namespace martlet
