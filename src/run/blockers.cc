#include "run/blockers.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {
namespace {

// A statement that runs for less than this is not worth a second connection.
constexpr std::chrono::milliseconds kLookAfter{40};
constexpr std::size_t kShownQuery = 80;

constexpr std::string_view kBlockersQuery = R"(
  SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
         coalesce(a.query, ''), coalesce(a.backend_type, ''),
         coalesce((extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint, 0)
  FROM unnest(pg_catalog.pg_blocking_pids($1::int)) AS b(pid)
  JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start)";

std::string one_line(std::string_view query) {
  std::string text;
  for (const char c : query) {
    const bool space = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!space) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.size() <= kShownQuery) return text;
  std::size_t cut = kShownQuery;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "…";
}

Blocker read_blocker(const Row& row) {
  return {.pid = std::stoi(*row[0]),
          .user = *row[1],
          .application = *row[2],
          .state = *row[3],
          .query = one_line(*row[4]),
          .backend_type = *row[5],
          .age = show_duration(Milliseconds(std::stoll(*row[6])))};
}

}  // namespace

std::string Blocker::text() const {
  std::string who = fmt::format("pid {}", pid);
  if (!user.empty()) who += fmt::format(", user {}", user);
  if (!application.empty()) who += fmt::format(", application {}", application);
  if (backend_type != "client backend") who += ", " + backend_type;
  return fmt::format("{}, {} for {}: {}", who, state.empty() ? "running" : state, age, query);
}

BlockerWatch::BlockerWatch(const RunSettings& settings) : settings_(settings) {}
BlockerWatch::~BlockerWatch() = default;

void BlockerWatch::attach(Connection& watched) {
  watched_ = &watched;
  if (watched.dialect() != Dialect::postgres) return;
  watched.while_waiting([this](std::chrono::milliseconds waited) { look(waited); });
}

void BlockerWatch::detach() {
  watched_ = nullptr;
  observer_.reset();
}

// Best effort: a look that fails must not disturb the statement that waits.
void BlockerWatch::look(std::chrono::milliseconds waited) {
  if (!watched_ || waited < kLookAfter) return;
  try {
    if (!observer_) observer_ = open_connection(settings_.url, {.application_name = "martlet watch"});
    const Result found = observer_->execute(kBlockersQuery, {std::to_string(watched_->backend_pid())});
    if (found.rows.empty()) return;
    const bool first_look = seen_.empty();
    seen_.clear();
    for (const Row& row : found.rows) seen_.push_back(read_blocker(row));
    if (first_look) settings_.emit({.kind = EventKind::waiting_for_lock, .text = text()});
  } catch (const Error&) {
    observer_.reset();
  }
}

std::string BlockerWatch::text() const {
  std::vector<std::string> lines;
  for (const Blocker& blocker : seen_) lines.push_back(blocker.text());
  return join(lines, "; ");
}

}  // namespace martlet
