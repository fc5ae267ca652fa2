#include "run/stamp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "history/stored_plan.h"
#include "run/applied_row.h"
#include "run/course.h"
#include "run/goal.h"
#include "run/leftovers.h"

namespace martlet {
namespace {

// Collects history statements and the sentences that describe them, and commits them together.
class Recording {
 public:
  explicit Recording(Course& course) : course_(course), next_order_(course.ledger().next_order()) {
    report_.version_before = course.maker().current();
  }

  void add(const std::string& id, const std::string& event, Request request, std::string line) {
    requests_.push_back(std::move(request));
    requests_.push_back(course_.session().audit().append(
        {.event = event, .migration = id, .version_before = report_.version_before, .detail = line},
        course_.settings().who));
    report_.lines.push_back(std::move(line));
  }
  void also(Request request) { requests_.push_back(std::move(request)); }
  void record(const Migration& migration, LedgerState state) {
    const AppliedMigration applied = applied_row(migration, state, next_order_++, course_.settings().who);
    add(migration.id, std::string(state_name(state)), record_applied(course_.session().names, applied),
        fmt::format("{} {}: recorded as {}", migration.label, migration.name, state_name(state)));
  }
  RecordReport commit() {
    if (!requests_.empty()) course_.session().commit(std::move(requests_));
    course_.look();
    report_.version_after = course_.maker().current();
    return std::move(report_);
  }

 private:
  Course& course_;
  long long next_order_;
  std::vector<Request> requests_;
  RecordReport report_;
};

bool is_versioned(const StandingEntry& entry) {
  return entry.migration ? entry.migration->kind == MigrationKind::versioned
                         : entry.row->kind == kind_name(MigrationKind::versioned);
}

void require_consent_to_forget(const RunSettings& settings, const std::vector<std::string>& forgotten) {
  if (forgotten.empty() || !settings.guarded() || settings.agreed) return;
  if (settings.confirm("This records as reverted, without running a down: " +
                       fmt::format("{}", fmt::join(forgotten, ", ")) + ". Go on?")) {
    return;
  }
  throw Error(ErrorKind::refused, "stamping backwards on a protected environment needs --yes")
      .with_detail(fmt::format("would be recorded as reverted: {}", fmt::join(forgotten, ", ")))
      .leaves("nothing was recorded");
}

}  // namespace

RecordReport stamp(const RunSettings& settings, const std::string& version) {
  const Goal goal = Goal::parse(version);
  Course course(settings);
  course.take_lease();
  const StandingEntry* last = nullptr;
  if (goal.kind == Goal::Kind::version) last = &find_version(course.entries(), goal.version);
  if (goal.kind == Goal::Kind::steps) {
    throw Error(ErrorKind::usage, "stamp takes a version, head or base, not a number of steps");
  }

  Recording recording(course);
  bool wanted = goal.kind != Goal::Kind::base;
  std::vector<std::string> forgotten;
  for (const StandingEntry& entry : course.entries()) {
    const bool applied = entry.row && entry.row->counts_as_applied();
    if (is_versioned(entry) && wanted && !applied && entry.migration) {
      recording.record(*entry.migration, LedgerState::stamped);
    } else if (is_versioned(entry) && !wanted && applied) {
      forgotten.push_back(entry.label());
      recording.add(entry.id(), "stamped",
                    record_state(course.session().names, entry.id(), LedgerState::reverted, settings.who),
                    fmt::format("{} {}: recorded as reverted", entry.label(), entry.name()));
      recording.also(plan_forget(course.session().names, entry.id(), "up"));
    }
    if (&entry == last) wanted = false;
  }
  require_consent_to_forget(settings, forgotten);
  return recording.commit();
}

RecordReport baseline(const RunSettings& settings, const std::string& version) {
  Course course(settings);
  course.take_lease();
  const auto& rows = course.ledger().rows();
  const auto applied =
      std::find_if(rows.begin(), rows.end(), [](const LedgerRow& row) { return row.counts_as_applied(); });
  if (applied != rows.end()) {
    throw Error(ErrorKind::refused, fmt::format("a baseline is for a database that martlet does not manage yet; the "
                                                "ledger already has {}",
                                                applied->id))
        .leaves("nothing was recorded")
        .next("to record single versions as applied, use `martlet stamp`");
  }
  Recording recording(course);
  for (const StandingEntry& entry : course.entries()) {
    const bool named =
        entry.migration && is_versioned(entry) && (entry.migration->version == version || entry.label() == version);
    if (!named) continue;
    recording.record(*entry.migration, LedgerState::baseline);
    return recording.commit();
  }
  Migration stands_for_all;
  stands_for_all.id = stands_for_all.version = stands_for_all.label = version;
  stands_for_all.name = "baseline";
  stands_for_all.layout = course.folder().layout;
  recording.record(stands_for_all, LedgerState::baseline);
  return recording.commit();
}

RecordReport settle(const RunSettings& settings, const std::string& version, LedgerState state) {
  Course course(settings);
  course.take_lease();
  RecordReport report{.version_before = course.maker().current()};
  settle_by_hand(course, version, state);
  course.look();
  report.lines.push_back(fmt::format("{} settled by hand as {}", version, state_name(state)));
  report.version_after = course.maker().current();
  return report;
}

RecordReport repair(const RunSettings& settings) {
  Course course(settings);
  course.take_lease();
  Recording recording(course);
  const HistoryNames& names = course.session().names;
  for (const StandingEntry& entry : course.entries()) {
    if (entry.standing == Standing::edited) {
      const Migration& file = *entry.migration;
      const auto down = file.down ? std::optional(file.down->text) : std::nullopt;
      recording.add(file.id, "repaired",
                    record_checksum(names, file.id, file.checksum, file.up.text, down, settings.who),
                    fmt::format("{} {}: the edited file is now what counts as applied", file.label, file.name));
    } else if (entry.standing == Standing::missing) {
      recording.add(entry.id(), "repaired", record_state(names, entry.id(), LedgerState::retired, settings.who),
                    fmt::format("{} {}: retired, its file is gone on purpose", entry.label(), entry.name()));
    }
  }
  return recording.commit();
}

}  // namespace martlet
