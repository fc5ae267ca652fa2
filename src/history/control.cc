#include "history/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "history/values.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 4> kWishes{"", "pause", "abort", "abort now"};
constexpr std::array<std::string_view, 5> kStates{"running", "waiting", "throttled", "paused", "ended"};

template <typename Enum, std::size_t size>
Enum from_word(const std::array<std::string_view, size>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? Enum{} : static_cast<Enum>(found - words.begin());
}

bool has_table(Connection& connection, const HistoryNames& names) {
  const Result found =
      names.dialect == Dialect::sqlite
          ? connection.execute("SELECT count(*) > 0 FROM sqlite_schema WHERE name = $1", {names.raw_control})
          : connection.execute("SELECT pg_catalog.to_regclass($1) IS NOT NULL", {names.control});
  return truth_of(found.rows.at(0).at(0));
}

Wishes wishes_from(const Row& row) {
  return {.wish = from_word<Wish>(kWishes, text_of(row[0])), .wished_by = text_of(row[1]), .limits = text_of(row[2])};
}

// What is said of an earlier run is not meant for this one.
std::string kept_if_ours(std::string_view column) {
  return fmt::format("{0} = CASE WHEN run_id = $1 THEN {0} ELSE '' END", column);
}

}  // namespace

std::string_view wish_word(Wish wish) {
  return kWishes.at(static_cast<std::size_t>(wish));
}

std::string_view run_phase_word(RunPhase state) {
  return kStates.at(static_cast<std::size_t>(state));
}

std::optional<ControlRow> read_control(Connection& connection, const HistoryNames& names) {
  if (!has_table(connection, names)) return std::nullopt;
  const std::string age = names.dialect == Dialect::postgres
                              ? "(extract(epoch FROM clock_timestamp() - reported_at) * 1000)::bigint"
                              : "CAST((julianday('now') - julianday(reported_at)) * 86400000 AS INTEGER)";
  const Result found = connection.execute(
      "SELECT run_id, wish, wished_by, limits, state, migration, step, steps, doing, units_done, units_total, unit, "
      "units_per_second, reason, coalesce(" +
      names.iso("reported_at") + ", ''), " + age + " FROM " + names.control);
  if (found.rows.empty()) return std::nullopt;
  const Row& row = found.rows[0];
  ControlRow control{.run_id = text_of(row[0]),
                     .wish = from_word<Wish>(kWishes, text_of(row[1])),
                     .wished_by = text_of(row[2]),
                     .limits = text_of(row[3]),
                     .progress = {.state = from_word<RunPhase>(kStates, text_of(row[4])),
                                  .migration = text_of(row[5]),
                                  .step = number_of(row[6]),
                                  .steps = number_of(row[7]),
                                  .doing = text_of(row[8]),
                                  .units_done = number_of(row[9]),
                                  .units_total = number_of(row[10]),
                                  .unit = text_of(row[11]),
                                  .units_per_second = std::stod(text_of(row[12])),
                                  .reason = text_of(row[13])},
                     .state = text_of(row[4]),
                     .reported_at = text_of(row[14])};
  if (row[15]) control.age = Milliseconds(number_of(row[15]));
  return control;
}

Wishes report_to_control(Connection& connection, const HistoryNames& names, const std::string& run_id,
                         const RunProgress& progress) {
  const Result found = connection.execute(
      "UPDATE " + names.control + " SET " + kept_if_ours("wish") + ", " + kept_if_ours("wished_by") + ", " +
          kept_if_ours("limits") +
          ", run_id = $1, state = $2, migration = $3, step = $4, steps = $5, doing = $6, units_done = $7, "
          "units_total = $8, unit = $9, units_per_second = $10, reason = $11, reported_at = " +
          names.now + " RETURNING wish, wished_by, limits",
      {run_id, std::string(run_phase_word(progress.state)), progress.migration, std::to_string(progress.step),
       std::to_string(progress.steps), progress.doing, std::to_string(progress.units_done),
       std::to_string(progress.units_total), progress.unit, std::to_string(progress.units_per_second),
       progress.reason});
  const Row& row = found.rows.at(0);
  return wishes_from(row);
}

Wishes wishes_of_run(Connection& connection, const HistoryNames& names, const std::string& run_id) {
  const Result found =
      connection.execute("SELECT wish, wished_by, limits FROM " + names.control + " WHERE run_id = $1", {run_id});
  if (found.rows.empty()) return {};
  return wishes_from(found.rows[0]);
}

void wish_of_run(Connection& connection, const HistoryNames& names, const std::string& run_id, Wish wish,
                 const std::string& by) {
  connection.execute("UPDATE " + names.control + " SET wish = $2, wished_by = $3, " + kept_if_ours("limits") + ", " +
                         kept_if_ours("state") + ", run_id = $1",
                     {run_id, std::string(wish_word(wish)), by});
}

void limit_run(Connection& connection, const HistoryNames& names, const std::string& run_id,
               const std::string& limits) {
  connection.execute("UPDATE " + names.control + " SET limits = $2, " + kept_if_ours("wish") + ", " +
                         kept_if_ours("wished_by") + ", " + kept_if_ours("state") + ", run_id = $1",
                     {run_id, limits});
}

}  // namespace martlet
