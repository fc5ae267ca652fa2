#include "run/hazard_gate.h"

#include <fmt/format.h>

#include "base/text.h"
#include "hazard/judge.h"
#include "run/forced.h"

namespace martlet {
namespace {

JudgeSettings judge_settings(const RunSettings& settings) {
  JudgeSettings judge{.dialect = settings.url.dialect(),
                      .max_block_ms = static_cast<double>(settings.max_block.count()),
                      .new_tables = JudgeSettings::NewTables::of_all_files,
                      .transactions = settings.tx != TxMode::none,
                      .other_parts = false,
                      .placeholders = settings.placeholders,
                      .details = false};
  for (const auto& [id, word] : settings.severities) {
    if (const auto severity = severity_of_word(word)) judge.severities[id] = *severity;
  }
  return judge;
}

std::vector<Finding> errors_in(Course& course, const std::vector<const StandingEntry*>& pending) {
  Judge judge = Judge::on(course.session().connection(), judge_settings(course.settings()));
  std::vector<Finding> errors;
  for (const StandingEntry* entry : pending) {
    for (HazardFinding& each : judge.judge(*entry->migration)) {
      if (each.finding.severity == Finding::Severity::error) errors.push_back(std::move(each.finding));
    }
  }
  return errors;
}

std::string line_of(const Finding& finding) {
  return fmt::format("{}: {} [{}]", finding.place.text(), finding.message, finding.id);
}

[[noreturn]] void refuse(const RunSettings& settings, const std::vector<Finding>& errors) {
  const std::string where = settings.environment.empty() ? "this protected environment" : settings.environment;
  std::vector<std::string> rest;
  for (std::size_t i = 1; i < errors.size(); ++i) rest.push_back(line_of(errors[i]));
  throw Error(ErrorKind::validation, fmt::format("{} [{}]", errors.front().message, errors.front().id))
      .at(errors.front().place)
      .with_detail(join(rest, "\n"))
      .leaves(fmt::format("nothing was run: {} is protected, and the application would feel this", where))
      .next(
          "see the safe SQL with `martlet lint`; or accept it in the file with `-- martlet:allow`; or run it all the "
          "same with --force --reason \"why\"");
}

void decide(Course& course, const std::vector<Finding>& errors) {
  const RunSettings& settings = course.settings();
  if (errors.empty()) return;
  if (!settings.guarded()) {
    settings.emit({.kind = EventKind::warning,
                   .text = fmt::format("{} in what is pending: `martlet lint` shows {}",
                                       errors.size() == 1 ? "1 hazard" : fmt::format("{} hazards", errors.size()),
                                       errors.size() == 1 ? "it" : "them")});
    return;
  }
  if (settings.force_reason.empty()) refuse(settings, errors);
  std::vector<std::string> lines;
  for (const Finding& each : errors) lines.push_back(line_of(each));
  record_forced(course, lines);
}

}  // namespace

void refuse_hazards(Course& course, const std::vector<const StandingEntry*>& pending) {
  const RunSettings& settings = course.settings();
  if (!settings.judges || pending.empty()) return;
  try {
    decide(course, errors_in(course, pending));
  } catch (const Error& problem) {
    if (settings.guarded()) throw;  // nobody is to run there what nobody could look at
    tell_not_looked_for(course, problem);
  }
}

void refuse_hazards(Course& course, const std::vector<PlannedFile>& planned) {
  std::vector<Finding> errors;
  for (const PlannedFile& file : planned) {
    for (const HazardFinding& each : file.findings) {
      if (each.finding.severity == Finding::Severity::error) errors.push_back(each.finding);
    }
  }
  decide(course, errors);
}

void tell_not_looked_for(Course& course, const Error& problem) {
  course.session().connection().rollback();
  course.settings().emit({.kind = EventKind::warning, .text = "hazards were not looked for: " + problem.message});
}

}  // namespace martlet
