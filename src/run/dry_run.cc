#include "run/dry_run.h"

#include "run/refusals.h"
#include "run/runner.h"
#include "run/scratch_copy.h"

namespace martlet {
namespace {

DryMigration describe(const Part& part) {
  DryMigration dry{.id = part.id,
                   .label = part.label,
                   .name = part.name,
                   .file = part.file,
                   .direction = part.direction,
                   .transactional = part.script.transactional,
                   .why_not = part.script.why_not};
  for (const ScriptStatement& at : part.script.statements) {
    dry.statements.push_back({at.statement.text, at.statement.place, at.traits.transactional()});
  }
  return dry;
}

}  // namespace

std::vector<DryMigration> dry_run(const RunSettings& settings, Direction direction, const Goal& goal) {
  Course course(settings);
  if (direction == Direction::up) refuse_inconsistent(course.session(), course.folder(), course.entries());
  const auto entries =
      direction == Direction::up ? pending_until(course.entries(), goal) : applied_beyond(course.entries(), goal);
  std::vector<DryMigration> dry;
  for (const StandingEntry* entry : entries) {
    const Part part = direction == Direction::up ? course.maker().up(*entry->migration)
                                                 : course.maker().down(*entry, course.version_below(*entry));
    dry.push_back(describe(part));
  }
  return dry;
}

RunReport dry_run_on_scratch(const RunSettings& settings, Direction direction, const Goal& goal,
                             const std::string& scratch_url) {
  const auto scratch = make_scratch(settings, scratch_url);
  const RunSettings there = on_scratch(settings, scratch->url());
  copy_target(settings, there);
  return direction == Direction::up ? up(there, goal) : down(there, goal);
}

}  // namespace martlet
