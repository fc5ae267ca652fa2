#include "run/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "run/applied_row.h"

namespace martlet {

PartMaker::PartMaker(Session& session, const Folder& folder, const Ledger& ledger, std::string current_version)
    : session_(session), folder_(folder), current_(std::move(current_version)), next_order_(ledger.next_order()) {}

Part PartMaker::up(const Migration& migration) {
  Part part{.id = migration.id, .label = migration.label, .name = migration.name, .file = migration.file};
  const bool moves_on = migration.kind != MigrationKind::repeatable;
  part.version_after = moves_on ? migration.label : "";
  part.before = callback_script("beforeEachMigrate");
  part.script = prepare_up(migration, session_.settings, session_.dialect());
  part.after = callback_script("afterEachMigrate");
  part.checks = migration.checks;
  part.lock_wait = migration.lock_wait;
  part.statement_timeout = migration.statement_timeout;
  part.record = [this, &migration, order = next_order_++](Milliseconds elapsed) {
    return record_up(migration, order, elapsed);
  };
  return part;
}

Part PartMaker::down(const StandingEntry& entry, std::string after) {
  const DownText text = down_text(entry);
  Part part{.id = entry.id(), .label = entry.label(), .name = entry.name(), .file = text.source.file};
  part.direction = Direction::down;
  part.version_after = after;
  part.before = callback_script("beforeEachUndo");
  part.script = prepare_script(text.source, text.transactional && session_.settings.tx != TxMode::none,
                               session_.settings, session_.dialect());
  part.after = callback_script("afterEachUndo");
  if (entry.migration) {
    part.lock_wait = entry.migration->lock_wait;
    part.statement_timeout = entry.migration->statement_timeout;
  }
  part.record = [this, entry, after = std::move(after)](Milliseconds elapsed) {
    return record_down(entry, after, elapsed);
  };
  return part;
}

Part PartMaker::callbacks(const std::string& event) {
  Part part{.id = event, .label = event, .name = "callback", .script = callback_script(event)};
  part.record = [](Milliseconds) { return std::vector<Request>{}; };
  return part;
}

Script PartMaker::callback_script(const std::string& event) const {
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

PartMaker::DownText PartMaker::down_text(const StandingEntry& entry) const {
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
  if (stored.down_sql && !as_applied) {
    session_.settings.emit({.kind = EventKind::warning,
                            .migration = entry.label(),
                            .text = fmt::format("the file of {} {}: using the down that was stored when it was applied",
                                                entry.label(), migration ? "was edited since" : "is gone")});
    return {{*stored.down_sql, entry.label() + " (down as stored)", 1}, true};
  }
  if (migration && migration->down) return {*migration->down, migration->down_transactional};
  Error error(ErrorKind::validation, fmt::format("{} has no down", entry.label()));
  if (migration) error.at({migration->file});
  throw error.leaves("nothing was undone")
      .next(
          "write one below a line `-- martlet:down` (or in the layout's own rollback file), or write a new migration");
}

std::vector<Request> PartMaker::record_up(const Migration& migration, long long order, Milliseconds elapsed) {
  AppliedMigration applied = applied_row(migration, LedgerState::applied, order, session_.settings.who);
  applied.row.duration_ms = elapsed.count();
  const std::string after = migration.kind == MigrationKind::repeatable ? current_ : migration.label;
  return {record_applied(session_.names, applied),
          session_.audit().append({.event = "applied",
                                   .migration = migration.id,
                                   .version_before = current_,
                                   .version_after = after,
                                   .ticket = applied.row.ticket,
                                   .duration_ms = std::max<long long>(0, elapsed.count())},
                                  session_.settings.who)};
}

std::vector<Request> PartMaker::record_down(const StandingEntry& entry, const std::string& after,
                                            Milliseconds elapsed) {
  return {record_state(session_.names, entry.id(), LedgerState::reverted, session_.settings.who),
          session_.audit().append({.event = "reverted",
                                   .migration = entry.id(),
                                   .version_before = current_,
                                   .version_after = after,
                                   .duration_ms = std::max<long long>(0, elapsed.count())},
                                  session_.settings.who)};
}

}  // namespace martlet
