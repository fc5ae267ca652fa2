#include "run/phases.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "history/time.h"
#include "plan/json.h"
#include "run/forced.h"
#include "run/hazard_gate.h"
#include "run/missing_values.h"
#include "run/planned_job.h"
#include "run/planning.h"
#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

const StandingEntry* entry_of(const Course& course, const std::string& migration) {
  const auto found = std::ranges::find(course.entries(), migration, &StandingEntry::id);
  return found == course.entries().end() ? nullptr : &*found;
}

bool is_waiting(const StoredPlan& stored) {
  return stored.direction == "up" && stored.state != PlanState::running;
}

// "ALTER TABLE orders RENAME COLUMN total TO amount", as the recipe writes it: its second name until then.
std::string second_name(const PlannedStep& step) {
  std::string name;
  visit_trees({step.statement}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (node && node->node_case == PG_QUERY__NODE__NODE_RENAME_STMT) name = node->rename_stmt->newname;
  });
  return name;
}

std::string server_time(Session& session) {
  return session.connection().execute("SELECT " + session.names.iso("clock_timestamp()")).rows.at(0).at(0).value_or("");
}

// What is below `-- martlet:contract`, as a migration that goes up.
Migration section_of(const WaitingPhase& waiting) {
  Migration section{.id = waiting.entry->id(), .name = waiting.entry->name(), .label = waiting.entry->label()};
  section.up = *waiting.planned.contract;
  section.file = section.up.file;
  section.checksum = waiting.planned.checksum;
  if (waiting.entry->migration) section.directives = waiting.entry->migration->directives;
  return section;
}

// Behind the steps that martlet has put off itself; those of an earlier attempt, of which none was done, go.
void add_section(PlannedMigration& planned, const PlannedMigration& section) {
  std::erase_if(planned.steps, [](const PlannedStep& each) { return each.of_section; });
  int highest = 0;
  for (const PlannedStep& each : planned.steps) highest = std::max(highest, each.transaction);
  for (PlannedStep step : section.steps) {
    const bool together = !section.stepwise && step.traits.transactional();
    if (together) step.transaction = 1;
    if (step.transaction) step.transaction += highest;
    if (step.phase == Phase::expand) step.phase = Phase::contract;
    step.of_section = true;
    planned.steps.push_back(std::move(step));
  }
}

void plan_section_of(Course& course, WaitingPhase& waiting) {
  const Migration section = section_of(waiting);
  const PendingPlan plan = plan_section(course.session(), section);
  refuse_missing_values(course.session(), plan);
  refuse_over_budget(course, plan);
  if (course.settings().judges) refuse_hazards(course, plan.files);
  add_section(waiting.planned, plan.files.front().planned);
}

// The trigger keeps the new name in step until the contract: an index on it, a view of it, would go with it.
constexpr std::string_view kWhatDependsOnColumn =
    "SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_catalog.pg_depend d "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
    "WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1::regclass AND a.attname = $2 "
    "UNION SELECT 'NOT NULL of column ' || a.attname FROM pg_catalog.pg_attribute a "
    "WHERE a.attrelid = $1::regclass AND a.attname = $2 AND a.attnotnull ORDER BY 1";

}  // namespace

std::vector<WaitingPhase> waiting_phases(Course& course) {
  Session& session = course.session();
  std::vector<WaitingPhase> waiting;
  if (session.dialect() == Dialect::sqlite) return waiting;
  std::string now;
  for (const StoredPlan& stored : read_plans(session.connection(), session.names)) {
    const StandingEntry* entry = is_waiting(stored) ? entry_of(course, stored.migration) : nullptr;
    if (!entry || !entry->row || entry->standing == Standing::partial) continue;
    if (now.empty()) now = server_time(session);
    WaitingPhase phase{.entry = entry,
                       .planned = from_stored(stored.plan),
                       .next = stored.state == PlanState::expanded ? Phase::contract : Phase::finish,
                       .since = stored.changed_at};
    phase.due = iso_later(phase.since, phase.planned.wait.value_or(course.settings().phase_wait));
    phase.is_due = phase.due <= now;
    waiting.push_back(std::move(phase));
  }
  std::ranges::stable_sort(waiting, {}, [](const WaitingPhase& each) { return each.entry->row->installed_order; });
  return waiting;
}

std::vector<Job> jobs_of_phase(Course& course, const std::vector<WaitingPhase>& waiting) {
  std::vector<Job> jobs;
  for (WaitingPhase each : waiting) {
    if (each.next == Phase::contract && each.planned.contract) plan_section_of(course, each);
    jobs.push_back(course.maker().later(*each.entry, each.next));
    follow_plan(jobs.back(), each.planned);
  }
  return jobs;
}

void refuse_to_lose(Session& session, const WaitingPhase& waiting) {
  for (const PlannedStep& step : waiting.planned.steps) {
    if (step.recipe != "rename-column" || !step.takes_away) continue;
    const Result found =
        session.connection().execute(std::string(kWhatDependsOnColumn), {step.takes_away->table, second_name(step)});
    if (found.rows.empty()) continue;
    std::vector<std::string> lines;
    for (const Row& row : found.rows) lines.push_back(row[0].value_or(""));
    throw Error(ErrorKind::refused, fmt::format("{} cannot be contracted: what was made since for the new name of {} "
                                                "would go",
                                                waiting.entry->label(), step.takes_away->text()))
        .at(step.statement.place)
        .with_detail(join(lines, "\n"))
        .leaves("nothing was run")
        .next("drop it, contract, and make it again; the old column takes the new name, with its own indexes");
  }
}

void refuse_in_use(Course& course, const WaitingPhase& waiting, const UseFound& found) {
  if (found.uses.empty()) return;
  const RunSettings& settings = course.settings();
  const std::string message =
      fmt::format("old code still uses what the contract of {} takes away", waiting.entry->label());
  if (!settings.guarded()) {
    settings.emit({.kind = EventKind::warning, .text = message + ": " + join(found.uses, "; ")});
    return;
  }
  if (!settings.force_reason.empty()) return record_forced(course, found.uses);
  throw Error(ErrorKind::refused, message)
      .with_detail(join(found.uses, "\n"))
      .leaves("nothing was run")
      .next(
          "wait until it is gone (calls of code that is gone are forgotten by pg_stat_statements_reset(userid, dbid, "
          "queryid)); or contract all the same with --force --reason \"why\"");
}

}  // namespace martlet
