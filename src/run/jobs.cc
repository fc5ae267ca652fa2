#include "run/jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "history/stored_plan.h"
#include "migration/directive.h"
#include "run/applied_row.h"

namespace martlet {

JobMaker::JobMaker(Session& session, const Folder& folder, const Ledger& ledger, std::string current_version)
    : session_(session),
      folder_(folder),
      current_(std::move(current_version)),
      planned_(current_),
      next_order_(ledger.next_order()) {}

Job JobMaker::up(const Migration& migration) {
  Job job{.id = migration.id, .label = migration.label, .name = migration.name, .file = migration.file};
  const bool moves_on = migration.kind != MigrationKind::repeatable;
  job.version_after = moves_on ? migration.label : "";
  job.before = callback_script("beforeEachMigrate");
  job.script = prepare_up(migration, session_.settings, session_.dialect());
  if (job.script.statements.empty() && migration.depends.size() < 2) {
    session_.settings.emit({.kind = EventKind::warning,
                            .migration = migration.label,
                            .text = migration.label + " has no statement, only comments",
                            .place = {migration.file}});
  }
  job.after = callback_script("afterEachMigrate");
  job.checks = migration.checks;
  job.lock_wait = migration.lock_wait;
  job.statement_timeout = migration.statement_timeout;
  const Versions versions = plan(job.version_after);
  job.record = [this, &migration, order = next_order_++, versions](Milliseconds elapsed) {
    return record_up(migration, order, versions, elapsed);
  };
  return job;
}

Job JobMaker::down(const StandingEntry& entry, const std::string& after) {
  const DownText text = down_text(entry);
  Job job{.id = entry.id(), .label = entry.label(), .name = entry.name(), .file = text.source.file};
  job.direction = Direction::down;
  job.version_after = after;
  job.before = callback_script("beforeEachUndo");
  job.script = prepare_script(text.source, text.transactional && session_.settings.tx != TxMode::none,
                              session_.settings, session_.dialect());
  job.source = text.source;
  job.after = callback_script("afterEachUndo");
  if (entry.migration) {
    job.lock_wait = entry.migration->lock_wait;
    job.statement_timeout = entry.migration->statement_timeout;
  }
  job.record = [this, entry, versions = plan(after)](Milliseconds elapsed) {
    return record_down(entry, versions, elapsed);
  };
  return job;
}

Job JobMaker::job_of(const StandingEntry& entry) const {
  Job job{.id = entry.id(), .label = entry.label(), .name = entry.name()};
  if (entry.migration) {
    job.file = entry.migration->file;
    job.lock_wait = entry.migration->lock_wait;
    job.statement_timeout = entry.migration->statement_timeout;
  }
  return job;
}

Request JobMaker::audit(const StandingEntry& entry, std::string_view event, const Versions& versions,
                        Milliseconds elapsed) {
  return session_.audit().append({.event = std::string(event),
                                  .migration = entry.id(),
                                  .version_before = versions.before,
                                  .version_after = versions.after,
                                  .duration_ms = std::max<long long>(0, elapsed.count())},
                                 session_.settings.who);
}

Job JobMaker::later(const StandingEntry& entry, Phase phase) {
  Job job = job_of(entry);
  job.phase = phase;
  job.script.transactional = false;
  const std::string_view event = phase == Phase::contract ? "contracted" : "finished";
  job.record = [this, entry, event, versions = plan("")](Milliseconds elapsed) {
    return std::vector<Request>{audit(entry, event, versions, elapsed)};
  };
  return job;
}

Job JobMaker::undo(const StandingEntry& entry, const std::string& after) {
  Job job = job_of(entry);
  job.direction = Direction::down;
  job.script.transactional = false;
  const bool applied = entry.row && entry.row->counts_as_applied();
  if (applied) job.version_after = after;
  job.record = [this, entry, applied, versions = plan(applied ? after : "")](Milliseconds elapsed) {
    if (applied) return record_down(entry, versions, elapsed);
    return std::vector<Request>{audit(entry, "undone", versions, elapsed)};
  };
  return job;
}

Job JobMaker::callbacks(const std::string& event) {
  Job job{.id = event, .label = event, .name = "callback", .script = callback_script(event)};
  job.record = [](Milliseconds) { return std::vector<Request>{}; };
  return job;
}

Script JobMaker::callback_script(const std::string& event) const {
  Script all;
  for (const Callback& callback : folder_.callbacks) {
    if (callback.event != event) continue;
    Script script = prepare_script(callback.script, true, session_.settings, session_.dialect());
    if (!script.transactional) {
      throw Error(ErrorKind::validation, "a callback must be able to run in a transaction: " + script.why_not)
          .at({callback.script.file})
          .leaves("nothing was run");
    }
    std::move(script.statements.begin(), script.statements.end(), std::back_inserter(all.statements));
  }
  return all;
}

JobMaker::DownText JobMaker::as_stored(const StandingEntry& entry, const std::string& text) {
  const SourceText source{text, entry.label() + " (down as stored)", 1};
  Migration holder;
  for (const DirectiveLine& line : find_directives(source)) apply_directive(line.directive, Section::down, holder);
  return {source, holder.down_transactional};
}

JobMaker::DownText JobMaker::down_text(const StandingEntry& entry) const {
  const Migration* migration = entry.migration;
  if (migration && migration->irreversible) {
    throw Error(ErrorKind::validation, fmt::format("{} is irreversible: {}", entry.label(), *migration->irreversible))
        .at({migration->file})
        .leaves("nothing was undone")
        .next("write a new migration that brings back what is needed, or restore a backup");
  }
  const bool as_applied = migration && (entry.row->checksum.empty() || entry.row->checksum == migration->checksum);
  if (as_applied && migration->down) return {*migration->down, migration->down_transactional};

  const Ledger::Texts stored = Ledger::texts(session_.connection(), session_.names, entry.id());
  if (stored.down_sql && !as_applied && !stored.down_incomplete.empty()) {
    throw Error(ErrorKind::validation,
                fmt::format("the down of {} that was stored when it was applied cannot be run: {}", entry.label(),
                            stored.down_incomplete))
        .leaves("nothing was undone")
        .next("bring back the file as it was applied (`martlet verify` shows the difference)");
  }
  if (stored.down_sql && !as_applied) {
    session_.settings.emit({.kind = EventKind::warning,
                            .migration = entry.label(),
                            .text = fmt::format("the file of {} {}: using the down that was stored when it was applied",
                                                entry.label(), migration ? "was edited since" : "is gone")});
    return as_stored(entry, *stored.down_sql);
  }
  if (migration && migration->down) return {*migration->down, migration->down_transactional};
  Error error(ErrorKind::validation, fmt::format("{} has no down", entry.label()));
  if (migration) error.at({migration->file});
  throw error.leaves("nothing was undone")
      .next(
          "write one below a line `-- martlet:down` (or in the layout's own rollback file), or write a new migration");
}

JobMaker::Versions JobMaker::plan(const std::string& after) {
  Versions versions{planned_, after.empty() ? planned_ : after};
  planned_ = versions.after;
  return versions;
}

std::vector<Request> JobMaker::record_up(const Migration& migration, long long order, const Versions& versions,
                                         Milliseconds elapsed) {
  AppliedMigration applied = applied_row(migration, LedgerState::applied, order, session_.settings.who);
  applied.row.backup_id = backup_id_;
  applied.row.duration_ms = elapsed.count();
  return {record_applied(session_.names, applied),
          session_.audit().append({.event = "applied",
                                   .migration = migration.id,
                                   .version_before = versions.before,
                                   .version_after = versions.after,
                                   .ticket = applied.row.ticket,
                                   .duration_ms = std::max<long long>(0, elapsed.count())},
                                  session_.settings.who)};
}

std::vector<Request> JobMaker::record_down(const StandingEntry& entry, const Versions& versions, Milliseconds elapsed) {
  std::vector<Request> requests{record_state(session_.names, entry.id(), LedgerState::reverted, session_.settings.who),
                                plan_forget(session_.names, entry.id(), "up")};
  for (const Migration& migration : folder_.migrations) {
    if (migration.kind != MigrationKind::repeatable) continue;
    requests.push_back(record_state(session_.names, migration.id, LedgerState::reverted, session_.settings.who));
  }
  requests.push_back(session_.audit().append({.event = "reverted",
                                              .migration = entry.id(),
                                              .version_before = versions.before,
                                              .version_after = versions.after,
                                              .duration_ms = std::max<long long>(0, elapsed.count())},
                                             session_.settings.who));
  return requests;
}

}  // namespace martlet
