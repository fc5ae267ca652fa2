#include "history/journal.h"

#include <array>
#include <utility>

#include "history/record.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::array kStates{
    std::pair{StepState::started, std::string_view("started")},
    std::pair{StepState::done, std::string_view("done")},
    std::pair{StepState::failed, std::string_view("failed")},
};

StepState step_state_from(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  throw Error(ErrorKind::validation, "the journal holds a state that this martlet does not know: " + std::string(name))
      .next("run the martlet version that wrote it, or a later one");
}

}  // namespace

std::string_view step_state_name(StepState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return "unknown";
}

std::vector<JournalEntry> read_unfinished(Connection& connection, const HistoryNames& names) {
  const Result found =
      connection.execute("SELECT run_id, migration, direction, step, state, digest, cursor, " +
                         names.iso("updated_at") + " FROM " + names.journal + " ORDER BY migration, direction, step");
  std::vector<JournalEntry> entries;
  for (const Row& row : found.rows) {
    entries.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2]), number_of(row[3]),
                       step_state_from(text_of(row[4])), text_of(row[5]), text_of(row[6]), text_of(row[7])});
  }
  return entries;
}

Request journal_write(const HistoryNames& names, const JournalEntry& entry, const Identity& who) {
  return {"INSERT INTO " + names.journal +
              " (migration, direction, step, state, digest, cursor, run_id, epoch, updated_at) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, " +
              held_epoch(names, "$7") + ", " + names.now +
              ") ON CONFLICT (migration, direction, step) DO UPDATE SET state = excluded.state, "
              "digest = excluded.digest, cursor = excluded.cursor, run_id = excluded.run_id, epoch = excluded.epoch, "
              "updated_at = excluded.updated_at",
          {entry.migration, entry.direction, std::to_string(entry.step), std::string(step_state_name(entry.state)),
           entry.digest, entry.cursor, who.run_id}};
}

Request journal_advance(const HistoryNames& names, const JournalEntry& entry, const std::string& changed,
                        const Identity& who) {
  return {"UPDATE " + names.journal +
              " SET cursor = (cursor::jsonb || $4::jsonb)::text, run_id = $5, epoch = " + held_epoch(names, "$5") +
              ", updated_at = " + names.now + " WHERE migration = $1 AND direction = $2 AND step = $3",
          {entry.migration, entry.direction, std::to_string(entry.step), changed, who.run_id}};
}

Request journal_forget(const HistoryNames& names, const JournalEntry& entry) {
  return {"DELETE FROM " + names.journal + " WHERE migration = $1 AND direction = $2 AND step = $3",
          {entry.migration, entry.direction, std::to_string(entry.step)}};
}

Request journal_clear(const HistoryNames& names, const std::string& migration) {
  return {"DELETE FROM " + names.journal + " WHERE migration = $1", {migration}};
}

}  // namespace martlet
