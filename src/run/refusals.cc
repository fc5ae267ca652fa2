#include "run/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_diff.h"

namespace martlet {
namespace {

constexpr std::string_view kNothingRun = "nothing was run";

void refuse_problems(const Folder& folder) {
  const auto is_error = [](const Finding& finding) { return finding.severity == Finding::Severity::error; };
  const auto first = std::find_if(folder.problems.begin(), folder.problems.end(), is_error);
  if (first == folder.problems.end()) return;
  const auto count = std::count_if(folder.problems.begin(), folder.problems.end(), is_error);
  Error error(ErrorKind::validation, first->message);
  if (count > 1) error.with_detail(fmt::format("and {} more: `martlet validate` shows them all", count - 1));
  throw error.at(first->place).leaves(std::string(kNothingRun)).next(first->next);
}

void refuse_edited(Session& session, const StandingEntry& entry) {
  throw Error(ErrorKind::validation, fmt::format("{} was edited after it was applied", entry.label()))
      .at({entry.migration->file})
      .with_detail(difference_from_applied(session, *entry.migration))
      .leaves(std::string(kNothingRun))
      .next(
          "restore the file and put the change into a new migration; or, if the database is right, accept the file "
          "as it is with `martlet repair`");
}

void refuse_missing(const StandingEntry& entry, const std::vector<StandingEntry>& entries) {
  Error error(ErrorKind::validation,
              fmt::format("{} ({}) is applied, but its file is gone", entry.label(), entry.name()));
  for (const StandingEntry& other : entries) {
    const bool same_text = other.migration && !other.row && other.migration->checksum == entry.row->checksum;
    if (same_text) error.with_detail(fmt::format("{} has the same text: was it renamed?", other.migration->file));
  }
  throw error.leaves(std::string(kNothingRun))
      .next(
          "restore the file (or its name) from version control; or, if it is gone on purpose, say so with `martlet "
          "repair`");
}

void refuse_or_warn_out_of_order(const Session& session, const StandingEntry& entry, const std::string& current) {
  const std::string message = fmt::format("{} is not applied, but comes before {}, which is", entry.label(), current);
  if (session.settings.out_of_order == OutOfOrder::allow) return;
  if (session.settings.out_of_order == OutOfOrder::warn) {
    session.settings.emit({.kind = EventKind::warning, .migration = entry.label(), .text = message});
    return;
  }
  throw Error(ErrorKind::validation, message)
      .at({entry.migration->file})
      .leaves(std::string(kNothingRun))
      .next("give it the next version with `martlet renumber`, or apply it all the same with --out-of-order allow");
}

}  // namespace

std::string difference_from_applied(Session& session, const Migration& migration) {
  const Ledger::Texts applied = Ledger::texts(session.connection(), session.names, migration.id);
  if (applied.up_sql.empty()) return "what was applied is not kept in the ledger, so the difference cannot be shown";
  return unified_diff(applied.up_sql, migration.up.text, "applied", migration.file);
}

void refuse_inconsistent(Session& session, const Folder& folder, const std::vector<StandingEntry>& entries) {
  refuse_problems(folder);
  std::string current;
  for (const StandingEntry& entry : entries) {
    if (entry.standing == Standing::edited) refuse_edited(session, entry);
    if (entry.standing == Standing::missing) refuse_missing(entry, entries);
    if (entry.standing != Standing::out_of_order) continue;
    if (current.empty()) current = current_version(entries);
    refuse_or_warn_out_of_order(session, entry, current);
  }
}

}  // namespace martlet
