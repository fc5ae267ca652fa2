#include "run/consent.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/destructive.h"

namespace martlet {

namespace {

// A contract step of martlet's own drops the second of two: a column that a trigger kept in step, a view.
bool loses_nothing(const Job& job, const Statement& statement) {
  if (job.phase != Phase::contract || !job.planned) return false;
  return std::ranges::any_of(job.planned->steps, [&](const PlannedStep& each) {
    return each.phase == job.phase && !each.of_section && each.statement.text == statement.text;
  });
}

}  // namespace

std::vector<std::string> destruction(std::span<const Job> jobs, Dialect dialect) {
  std::vector<std::string> losses;
  for (const Job& job : jobs) {
    for (const ScriptStatement& at : job.script.statements) {
      if (loses_nothing(job, at.statement)) continue;
      for (const Destruction& loss : destroys(at.statement, dialect)) {
        losses.push_back(fmt::format("{}: {}", at.statement.place.text(), loss.text()));
      }
    }
  }
  return losses;
}

void require_consent(const RunSettings& settings, const std::vector<std::string>& losses) {
  if (losses.empty() || !settings.guarded() || settings.agreed) return;
  const std::string list = join(losses, "\n  ");
  const std::string where = settings.environment.empty() ? "this protected environment" : settings.environment;
  if (settings.confirm(fmt::format("On {} this would destroy data:\n  {}\nGo on?", where, list))) return;
  throw Error(ErrorKind::refused, fmt::format("{} is protected, and this run would destroy data", where))
      .with_detail(list)
      .leaves("nothing was run")
      .next("when that is what you want, run the same command with --yes");
}

}  // namespace martlet
