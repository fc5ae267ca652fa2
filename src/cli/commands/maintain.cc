#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/expire_backups.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/safeguards.h"
#include "cli/validation.h"
#include "gate/integrity.h"
#include "run/course.h"
#include "run/vacuum.h"

namespace martlet {
namespace {

struct Maintained {
  std::vector<std::string> problems;  // of the files and of the database
  std::vector<std::string> expired, vacuumed;
  bool anything() const { return !problems.empty() || !expired.empty() || !vacuumed.empty(); }
};

void look(const Context& context, Maintained& done) {
  const Validation found = validate(context);
  for (const Finding& finding : found.findings) {
    if (finding.severity != Finding::Severity::error) continue;
    done.problems.push_back(fmt::format("{}: {} [{}]", finding.place.text(), finding.message, finding.id));
  }
  for (std::string& problem : integrity_problems(health_target(context.config))) {
    done.problems.push_back(std::move(problem));
  }
}

void expire(const Context& context, Maintained& done) {
  for (const RetentionVerdict& verdict : expire_backups(context.config, Expiry::done)) {
    if (!verdict.keep) done.expired.push_back(verdict.file);
  }
}

std::string summary(const Maintained& done) {
  std::vector<std::string> parts;
  if (!done.problems.empty()) parts.push_back(fmt::format("{} problems: {}", done.problems.size(), done.problems[0]));
  if (!done.expired.empty()) parts.push_back("expired " + join(done.expired, ", "));
  if (!done.vacuumed.empty()) parts.push_back("vacuumed " + join(done.vacuumed, ", "));
  return join(parts, "; ");
}

void record(Course& course, const Maintained& done) {
  Session& session = course.session();
  session.commit({session.audit().append({.event = "maintained",
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = summary(done)},
                                         course.settings().who)});
}

void show(Output& output, const Maintained& done) {
  output.json()["problems"] = done.problems;
  output.json()["expired"] = done.expired;
  output.json()["vacuumed"] = done.vacuumed;
  for (const std::string& problem : done.problems) output.line("problem: " + problem, Style::bad);
  for (const std::string& file : done.expired) output.line("expired backup " + file);
  for (const std::string& table : done.vacuumed) output.line("vacuumed " + table);
}

int run(Context& context) {
  RunSettings settings = common_settings(context);
  Course course(settings);
  Maintained done;
  if (!course.ledger().exists()) return 0;  // nothing of ours is there
  course.take_lease();                      // while it is held no run begins, nor a second maintain
  look(context, done);
  expire(context, done);
  done.vacuumed = vacuum_own_tables(course.session());
  if (done.anything()) record(course, done);
  show(context.output, done);
  return done.problems.empty() ? 0 : exit_code(ErrorKind::validation);
}

const Registered<Command> kCommand{{
    .id = "maintain",
    .summary = "the regular tasks: validate, verify, expire backups, vacuum martlet's own tables",
    .details =
        "Made for cron: it says nothing where nothing was to be done, and takes the lease, so that two never work at\n"
        "the same time, nor beside a run. What it did is in the audit.\n\n"
        "Exit code: 0 done, or nothing to do; 4 where the files, the ledger or the database are not sound; 5 where a\n"
        "run, or another maintain, is at work (--wait-lease 10min waits for it); 8 without a connection.",
    .examples = {"martlet maintain", "martlet --env production maintain --wait-lease 10min"},
    .run = run,
    .group = "Tools",
}};

}  // namespace
}  // namespace martlet
