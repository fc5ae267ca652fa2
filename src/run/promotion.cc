#include "run/promotion.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "run/forced.h"

namespace martlet {
namespace {

constexpr std::string_view kTested = "rollback-tested";

bool speaks_against(const AuditEvent& event) {
  return event.event == "gate-failed" || event.event == "gate-inconclusive" || event.event == "integrity-violated" ||
         event.event == "failed" || event.event == "rolled-back" || event.event == "rollback-refused";
}

class Witness {
 public:
  explicit Witness(const Promotion& promotion) : promotion_(promotion) {
    if (!promotion.problem.empty()) {
      throw Error(ErrorKind::usage,
                  fmt::format("the evidence of {} cannot be read: {}", promotion.environment, promotion.problem))
          .leaves("nothing was run")
          .next("set it; or run it all the same with --force --reason \"why\"");
    }
    const HistoryNames names = HistoryNames::make(promotion.history, promotion.url.dialect());
    const auto connection = open_connection(promotion.url, {.application_name = "martlet evidence"});
    ledger_ = Ledger::read(*connection, names, Ledger::Detail::standing);
    if (ledger_.exists()) events_ = Audit::read(*connection, names);
  }

  Evidence about(const Migration& migration) const {
    Evidence evidence{.label = migration.label};
    const LedgerRow* row = ledger_.find(migration.id);
    judge_applied(migration, row, evidence);
    if (row) judge_run(*row, evidence);
    judge_rollback(migration, evidence);
    return evidence;
  }

 private:
  void judge_applied(const Migration& migration, const LedgerRow* row, Evidence& evidence) const {
    const std::string& where = promotion_.environment;
    if (!row || !row->counts_as_applied()) {
      evidence.missing.push_back(fmt::format("{} is not applied in {}", migration.label, where));
    } else if (row->checksum != migration.checksum) {
      evidence.missing.push_back(fmt::format("what was applied in {} as {} is another file", where, migration.label));
    } else {
      evidence.applied = true;
    }
  }

  void judge_run(const LedgerRow& row, Evidence& evidence) const {
    evidence.duration_ms = row.duration_ms;
    if (Milliseconds(row.duration_ms) > promotion_.longest) {
      evidence.missing.push_back(fmt::format("{} took {} in {}, longer than promote_max_duration ({})", evidence.label,
                                             show_duration(Milliseconds(row.duration_ms)), promotion_.environment,
                                             show_duration(promotion_.longest)));
    }
    const auto against = std::find_if(events_.rbegin(), events_.rend(), [&](const AuditEvent& event) {  // the first
      return event.run_id == row.run_id && speaks_against(event);
    });
    evidence.gates_passed = against == events_.rend();
    if (evidence.gates_passed) return;
    evidence.missing.push_back(fmt::format("the run that applied {} in {} did not pass: {} {}", evidence.label,
                                           promotion_.environment, against->event, against->detail));
  }

  void judge_rollback(const Migration& migration, Evidence& evidence) const {
    const bool needs_none = migration.kind == MigrationKind::repeatable || migration.irreversible.has_value();
    evidence.rollback_tested =
        needs_none || std::ranges::any_of(events_, [&](const AuditEvent& event) {
          if (event.migration != migration.id) return false;
          return event.event == "reverted" || (event.event == kTested && event.detail == migration.checksum);
        });
    if (evidence.rollback_tested) return;
    evidence.missing.push_back(
        fmt::format("the rollback of {} was not tested in {}: `martlet --env {} redo`, or `martlet "
                    "--env {} test --record`",
                    migration.label, promotion_.environment, promotion_.environment, promotion_.environment));
  }

  const Promotion& promotion_;
  Ledger ledger_;
  std::vector<AuditEvent> events_;
};

[[noreturn]] void refuse(const RunSettings& settings, const Promotion& promotion,
                         const std::vector<std::string>& missing) {
  throw Error(ErrorKind::refused, fmt::format("{} takes only what has proved itself in {}: {}",
                                              settings.environment.empty() ? "this environment" : settings.environment,
                                              promotion.environment, missing.front()))
      .with_detail(join({missing.begin() + 1, missing.end()}, "\n"))
      .leaves("nothing was run")
      .next("make up for it there; or run it all the same with --force --reason \"why\", which is recorded");
}

// Where nobody can be asked, that is what is missing: who forces the run can do so then too.
std::vector<std::string> missing_evidence(Course& course, const Promotion& promotion,
                                          const std::vector<const StandingEntry*>& pending) {
  std::vector<std::string> missing;
  try {
    for (const Evidence& evidence : read_evidence(promotion, pending)) {
      missing.insert(missing.end(), evidence.missing.begin(), evidence.missing.end());
    }
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled || course.settings().force_reason.empty()) throw;
    missing.push_back(error.message);
  }
  return missing;
}

}  // namespace

std::vector<Evidence> read_evidence(const Promotion& promotion, const std::vector<const StandingEntry*>& pending) {
  const Witness witness(promotion);
  std::vector<Evidence> found;
  for (const StandingEntry* entry : pending) found.push_back(witness.about(*entry->migration));
  return found;
}

void refuse_unproven(Course& course, const std::vector<const StandingEntry*>& pending) {
  const Safeguards* safeguards = course.settings().safeguards.get();
  if (!safeguards || !safeguards->promotion || pending.empty()) return;
  const std::vector<std::string> missing = missing_evidence(course, *safeguards->promotion, pending);
  if (missing.empty()) return;
  if (course.settings().force_reason.empty()) refuse(course.settings(), *safeguards->promotion, missing);
  record_forced(course, missing);
}

void record_tested(const RunSettings& settings, const std::vector<ProofItem>& items) {
  Course course(settings);
  course.take_lease();
  std::vector<Request> requests;
  for (const ProofItem& item : items) {
    const bool proved =
        item.passed() && (item.down_label == DownLabel::reversible || item.down_label == DownLabel::lossy);
    const auto entry = std::ranges::find(course.entries(), item.id, &StandingEntry::id);
    if (!proved || entry == course.entries().end() || !entry->migration) continue;
    requests.push_back(course.session().audit().append({.event = std::string(kTested),
                                                        .migration = item.id,
                                                        .version_before = course.maker().current(),
                                                        .version_after = course.maker().current(),
                                                        .detail = entry->migration->checksum,
                                                        .duration_ms = item.down.count()},
                                                       settings.who));
  }
  if (!requests.empty()) course.session().commit(std::move(requests));
}

}  // namespace martlet
