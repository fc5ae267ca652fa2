// Judging what the command line asks for.
#pragma once

#include "cli/command.h"
#include "cli/lint/report.h"
#include "cli/lint/subject.h"
#include "hazard/judge.h"

namespace martlet {

/// Severities, budget and placeholders of the configuration. Throws Error{usage} at the place where an unknown hazard
/// or severity is written.
JudgeSettings judge_settings(const Config& config);

/// What somebody will read of the findings; see JudgeSettings.
struct LintNeeds {
  bool details = true;
  bool fingerprints = false;
};

struct Linted {
  LintSubject subject;
  LintReport report;
};

/// Judges the subject against the database, against `--schema-file`, or without either (`--no-database`, none
/// configured, none reachable). Throws Error{connection} where --url names a database that does not answer.
Linted lint(const Context& context, LintNeeds needs = {});

}  // namespace martlet
