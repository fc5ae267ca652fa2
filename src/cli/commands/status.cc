#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "cli/output.h"
#include "cli/phase_view.h"
#include "cli/run_settings.h"
#include "run/course.h"

namespace martlet {
namespace {

Style style_of(Standing standing) {
  switch (standing) {
    case Standing::applied:
    case Standing::stamped:
    case Standing::baseline:
      return Style::good;
    case Standing::edited:
    case Standing::missing:
    case Standing::partial:
    case Standing::out_of_order:
      return Style::bad;
    case Standing::pending:
    case Standing::reverted:
    case Standing::changed:
      return Style::warning;
    case Standing::retired:
    case Standing::below_baseline:
      return Style::dim;
  }
  return Style::plain;
}

// "2026-03-01T09:30:12.123Z" → "2026-03-01 09:30"
std::string minute_of(const std::string& time) {
  if (time.size() < 16) return time;
  return time.substr(0, 10) + " " + time.substr(11, 5);
}

std::vector<Cell> to_cells(const StandingEntry& entry, Cell state) {
  const LedgerRow* row = entry.row;
  const bool timed = row && row->state == LedgerState::applied;
  return {{entry.label(), Style::strong},
          {entry.name()},
          std::move(state),
          {row ? minute_of(row->applied_at) : ""},
          {timed ? show_duration(Milliseconds(row->duration_ms)) : ""},
          {row ? row->actor : ""}};
}

nlohmann::ordered_json to_json(const StandingEntry& entry) {
  nlohmann::ordered_json json{{"version", entry.id()},
                              {"name", entry.name()},
                              {"state", standing_name(entry.standing)},
                              {"file", entry.migration ? nlohmann::ordered_json(entry.migration->file) : nullptr}};
  if (entry.row) {
    json["applied_at"] = entry.row->applied_at;
    json["duration_ms"] = entry.row->duration_ms;
    json["actor"] = entry.row->actor;
    json["role"] = entry.row->applied_by;
    json["ticket"] = entry.row->ticket;
    json["run_id"] = entry.row->run_id;
  }
  return json;
}

// What of it is done, where that is not all.
Cell state_of(const StandingEntry& entry, const WaitingPhase* waiting) {
  if (!waiting) return {std::string(standing_name(entry.standing)), style_of(entry.standing)};
  return {waiting->next == Phase::contract ? "expanded" : "contracted", Style::warning};
}

const WaitingPhase* phase_of(const std::vector<WaitingPhase>& waiting, const StandingEntry& entry) {
  const auto found = std::ranges::find(waiting, &entry, &WaitingPhase::entry);
  return found == waiting.end() ? nullptr : &*found;
}

void show_closing_line(Context& context, const Course& course, long pending) {
  const std::string current = current_version(course.entries());
  context.output.line();
  context.output.line(pending == 0 ? fmt::format("at {}, nothing pending", current)
                                   : fmt::format("at {}, {} pending", current, pending));
  if (course.has_leftovers()) {
    context.output.line("a run did not finish: `martlet resume` goes on from there", Style::bad);
  }
  context.output.json()["current"] = current;
  context.output.json()["pending"] = pending;
  context.output.json()["unfinished"] = course.has_leftovers();
}

int run(Context& context) {
  RunSettings settings = looking_settings(context);
  const bool json = context.output.options().json;
  if (json) settings.ledger_detail = Ledger::Detail::everything;
  Course course(settings);
  const std::vector<WaitingPhase> waiting =
      course.ledger().exists() ? waiting_phases(course) : std::vector<WaitingPhase>{};
  std::vector<std::vector<Cell>> rows;
  auto& list = context.output.json()["migrations"] = nlohmann::ordered_json::array();
  long pending = 0;
  for (const StandingEntry& entry : course.entries()) {
    pending += entry.to_run();
    if (json) {
      list.push_back(to_json(entry));
      if (const WaitingPhase* phase = phase_of(waiting, entry)) list.back()["phase"] = phase_json(*phase);
    } else {
      rows.push_back(to_cells(entry, state_of(entry, phase_of(waiting, entry))));
    }
  }
  if (rows.empty()) {
    context.output.line(fmt::format("no migrations in {}", settings.folder.path));
  } else {
    context.output.table({"version", "name", "state", "applied at", "took", "by"}, rows);
  }
  show_closing_line(context, course, pending);
  for (const WaitingPhase& each : waiting) show_waiting(context.output, each);
  if (!context.arguments.has("exit-code")) return 0;
  if (course.has_leftovers()) return exit_code(ErrorKind::partial);
  return pending > 0 ? 3 : 0;
}

const Registered<Command> kCommand{{
    .id = "status",
    .aliases = {"info", "current", "list"},
    .summary = "every migration with its state",
    .details = "applied and pending; edited (the file is not what was applied), missing (its file is gone), out of "
               "order (older than what is applied), changed (a repeatable whose text changed), partial (begun and not "
               "finished: see `martlet resume`), stamped, baseline, below baseline, reverted, retired; expanded (old "
               "code goes "
               "on: see `martlet contract`), contracted (see `martlet finish`).",
    .options = {{"--exit-code", "", "exit with 3 when something is pending, 6 when a run did not finish"}},
    .examples = {"martlet status", "martlet status --json"},
    .run = run,
    .group = "Migrations",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
