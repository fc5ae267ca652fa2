#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "cli/changelog.h"
#include "cli/event_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "history/audit.h"
#include "run/course.h"

namespace martlet {
namespace {

std::vector<Cell> to_cells(const AuditEvent& event, bool verbose) {
  const bool bad = event.event == "failed" || event.event == "refused";
  std::vector<Cell> cells{{event.at.substr(0, 10) + " " + event.at.substr(11, 8), Style::dim},
                          {event.event, bad ? Style::bad : Style::plain},
                          {event.migration, Style::strong},
                          {event_versions(event)},
                          {event.duration_ms > 0 ? show_duration(Milliseconds(event.duration_ms)) : ""},
                          {event.actor},
                          {event.ticket}};
  if (verbose) {
    cells.push_back({event.role.empty() ? event.host : event.role + "@" + event.host});
    cells.push_back({event.run_id});
    cells.push_back({event.detail});
  }
  return cells;
}

// What one pipelined transaction took is measured by the server, into the ledger row; the event cannot know it.
void add_durations(std::vector<AuditEvent>& events, const Ledger& ledger) {
  for (AuditEvent& event : events) {
    const LedgerRow* row = event.event == "applied" && event.duration_ms == 0 ? ledger.find(event.migration) : nullptr;
    // At least one: 0 stands for an event that took no time by its nature.
    if (row && row->run_id == event.run_id)
      event.duration_ms = std::max<decltype(event.duration_ms)>(1, row->duration_ms);
  }
}

int show_change_log(Context& context, const std::vector<AuditEvent>& events, const Ledger& ledger) {
  const std::vector<ChangeLogEntry> entries = change_log(events, ledger);
  context.output.json()["changelog"] = change_log_json(entries);
  context.output.raw(change_log_markdown(entries, context.config.environment()));
  return 0;
}

int run(Context& context) {
  const RunSettings settings = looking_settings(context);
  Session session(settings);
  std::vector<AuditEvent> events;
  const Ledger ledger = session.read_ledger(Ledger::Detail::everything);
  if (ledger.exists()) events = Audit::read(session.connection(), session.names);
  if (context.arguments.has("changelog")) return show_change_log(context, events, ledger);
  add_durations(events, ledger);

  const bool verbose = context.output.options().verbose;
  std::vector<std::string> header{"at", "event", "migration", "versions", "took", "by", "ticket"};
  if (verbose) header.insert(header.end(), {"role@host", "run", "detail"});
  std::vector<std::vector<Cell>> rows;
  auto& list = context.output.json()["events"] = nlohmann::ordered_json::array();
  for (const AuditEvent& event : events) {
    list.push_back(event_json(event));
    rows.push_back(to_cells(event, verbose));
  }
  if (rows.empty()) {
    context.output.line("nothing has happened here yet");
  } else {
    context.output.table(header, rows);
  }
  return 0;
}

const Registered<Command> kCommand{{
    .id = "history",
    .summary = "everything that ever happened, newest first",
    .details =
        "With -v also who (database role, host), the run, and details such as the error of a failed run. --changelog "
        "prints it as a Markdown document for people: each deployment with its versions before and after, ticket, "
        "duration, backup, and what went wrong.",
    .options = {{"--changelog", "", "as a change log in Markdown"}},
    .examples = {"martlet history", "martlet history -v", "martlet history --json",
                 "martlet history --changelog > CHANGELOG.md"},
    .run = run,
    .group = "Ledger",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
