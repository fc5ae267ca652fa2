#include "run/planning.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "run/expanded_grants.h"
#include "run/forced.h"
#include "run/hazard_gate.h"
#include "run/planned_job.h"

namespace martlet {
namespace {

PlannerSettings planner_settings(const RunSettings& settings) {
  using Transactions = PlannerSettings::Transactions;
  PlannerSettings planner{.max_block_ms = static_cast<double>(settings.max_block.count()),
                          .placeholders = settings.placeholders};
  if (settings.tx == TxMode::none) planner.transactions = Transactions::none;
  if (settings.tx == TxMode::file || settings.tx == TxMode::all) planner.transactions = Transactions::file;
  for (const auto& [id, word] : settings.severities) {
    if (const auto severity = severity_of_word(word)) planner.severities[id] = *severity;
  }
  return planner;
}

std::vector<const Migration*> migrations_of(const std::vector<const StandingEntry*>& pending) {
  std::vector<const Migration*> migrations;
  for (const StandingEntry* each : pending) migrations.push_back(each->migration);
  return migrations;
}

// A down part as a migration of its own.
Migration as_migration(const Job& down) {
  return {.id = down.id,
          .name = down.name,
          .file = down.file,
          .up = down.source,
          .transactional = down.script.why_not.empty() ? down.script.transactional : true,
          .label = down.label};
}

std::vector<Migration> as_migrations(const std::vector<Job>& downs) {
  std::vector<Migration> migrations;
  for (const Job& each : downs) migrations.push_back(as_migration(each));
  return migrations;
}

std::vector<const Migration*> pointers_to(const std::vector<Migration>& migrations) {
  std::vector<const Migration*> pointers;
  for (const Migration& each : migrations) pointers.push_back(&each);
  return pointers;
}

// Files whose phases cannot come apart are planned anew, and with them those that build on them.
bool keep_together(const RunSettings& settings, const std::vector<PlannedFile>& files,
                   std::set<std::string>& together) {
  const std::size_t before = together.size();
  for (const PlannedFile& each : files) {
    if (each.entangled.empty() || !together.insert(each.planned.id).second) continue;
    settings.emit(
        {.kind = EventKind::warning,
         .migration = each.planned.label,
         .text = fmt::format("{} cannot wait for old code, as {}: it runs at once", each.planned.label, each.entangled),
         .place = {each.planned.file}});
  }
  return together.size() > before;
}

PendingPlan plan_migrations(Session& session, const std::vector<const Migration*>& migrations, WithDigest digest,
                            Phases phases) {
  PlannerSettings settings = planner_settings(session.settings);
  settings.phases = phases;
  PendingPlan plan;
  std::string base;
  do {
    Catalog catalog = read_catalog(session.connection());
    if (digest == WithDigest::yes) base = catalog_fingerprint(catalog, session.names);
    Planner planner(std::move(catalog), read_session_state(session.connection()), settings);
    plan.files = planner.plan(migrations);
  } while (keep_together(session.settings, plan.files, settings.together));
  if (phases == Phases::apart) add_grants(session.connection(), plan.files);
  if (digest == WithDigest::yes) {
    plan.digest = digest_of(plan.migrations(), std::move(base), target_fingerprint(session.connection()));
  }
  return plan;
}

std::optional<PendingPlan> plan_where_possible(Course& course, const std::vector<const Migration*>& migrations,
                                               Phases phases) {
  const RunSettings& settings = course.settings();
  if (migrations.empty() || !can_plan(settings)) return std::nullopt;
  try {
    return plan_migrations(course.session(), migrations,
                           settings.reviewed_plan.empty() ? WithDigest::no : WithDigest::yes, phases);
  } catch (const Error& problem) {
    if (settings.guarded() || !settings.reviewed_plan.empty() || phases == Phases::apart) throw;
    tell_not_looked_for(course, problem);
    return std::nullopt;
  }
}

std::string line_of(const PlannedStep& step) {
  return fmt::format("{}: {}", step.statement.place.text(), step.over_budget);
}

Error over_budget_error(const RunSettings& settings, const std::vector<const PlannedStep*>& blocking) {
  const PlannedStep& first = *blocking.front();
  std::string detail;
  if (!first.manual_sql.empty()) detail = fmt::format("by hand ({}):\n{}", first.manual_recipe, first.manual_sql);
  for (std::size_t i = 1; i < blocking.size(); ++i) detail += "\n" + line_of(*blocking[i]);
  const std::string where = settings.environment.empty() ? "this protected environment" : settings.environment;
  return Error(ErrorKind::validation, first.over_budget)
      .at(first.statement.place)
      .with_detail(std::string(trim(detail)))
      .leaves(fmt::format("nothing was run: {} is protected, and a lock may be held there for {} at most (max_block)",
                          where, show_duration(settings.max_block)))
      .next(settings.tx == TxMode::file
                ? "run it without `--tx file`, so that it can be done in steps; or all the same with --force --reason "
                  "\"why\""
                : "do it by hand in steps (`martlet lint` shows them); or run it all the same with --force --reason "
                  "\"why\"");
}

}  // namespace

std::vector<PlannedMigration> PendingPlan::migrations() const {
  std::vector<PlannedMigration> all;
  for (const PlannedFile& each : files) all.push_back(each.planned);
  return all;
}

bool can_plan(const RunSettings& settings) {
  return settings.url.dialect() == Dialect::postgres;
}

PendingPlan plan_pending(Session& session, const std::vector<const StandingEntry*>& pending, WithDigest digest) {
  return plan_migrations(session, migrations_of(pending), digest, session.settings.phases);
}

PendingPlan plan_section(Session& session, const Migration& section) {
  return plan_migrations(session, {&section}, WithDigest::no, Phases::old_code_is_gone);
}

std::optional<PendingPlan> plan_ups(Course& course, const std::vector<const StandingEntry*>& pending) {
  return plan_where_possible(course, migrations_of(pending), course.settings().phases);
}

// Downs hold up the application as ups do; but who goes back wants to be back.
std::optional<PendingPlan> plan_downs(Course& course, const std::vector<Job>& downs) {
  const std::vector<Migration> holders = as_migrations(downs);
  return plan_where_possible(course, pointers_to(holders), Phases::together);
}

std::optional<RedoPlan> plan_redo(Course& course, const std::vector<Job>& downs,
                                  const std::vector<const StandingEntry*>& again) {
  const std::vector<Migration> holders = as_migrations(downs);
  std::vector<const Migration*> migrations = pointers_to(holders);
  std::ranges::copy(migrations_of(again), std::back_inserter(migrations));
  std::optional<PendingPlan> both = plan_where_possible(course, migrations, Phases::together);
  if (!both) return std::nullopt;
  RedoPlan plan;
  const auto begin_of_ups = both->files.begin() + static_cast<std::ptrdiff_t>(downs.size());
  std::move(both->files.begin(), begin_of_ups, std::back_inserter(plan.downs.files));
  std::move(begin_of_ups, both->files.end(), std::back_inserter(plan.ups.files));
  return plan;
}

void follow(const Course& course, std::vector<Job>& jobs, const PendingPlan& plan) {
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const PlannedMigration& planned = plan.files[i].planned;
    if (course.settings().tx != TxMode::all) {
      follow_plan(jobs[i], planned);
    } else if (planned.has_later()) {
      jobs[i].planned = planned;
    }
  }
}

void refuse_other_plan(const RunSettings& settings, const PendingPlan& plan) {
  if (settings.reviewed_plan.empty()) return;
  const std::string changes = PlanDigest::parse(settings.reviewed_plan).changes(plan.digest);
  if (changes.empty()) return;
  throw Error(ErrorKind::validation, "this is not the plan that was reviewed: since then changed " + changes)
      .leaves("nothing was run")
      .next(fmt::format("look at it again with `martlet plan`; its digest is now {}", plan.digest.text()));
}

void refuse_over_budget(Course& course, const PendingPlan& plan) {
  const RunSettings& settings = course.settings();
  std::vector<const PlannedStep*> blocking;
  for (const PlannedFile& file : plan.files) {
    for (const PlannedStep* each : file.planned.blocking()) blocking.push_back(each);
  }
  if (blocking.empty()) return;
  if (!settings.guarded()) {
    settings.emit({.kind = EventKind::warning,
                   .text = fmt::format("{}; the application waits meanwhile", blocking.front()->over_budget),
                   .place = blocking.front()->statement.place});
    return;
  }
  if (settings.force_reason.empty()) throw over_budget_error(settings, blocking);
  std::vector<std::string> lines;
  for (const PlannedStep* each : blocking) lines.push_back(line_of(*each));
  record_forced(course, lines);
}

}  // namespace martlet
