#include "watch/running.h"

#include <fmt/format.h>

namespace martlet {

std::string Running::state() const {
  return row.state.empty() ? "running" : row.state;
}

std::optional<Running> find_running(Connection& connection, const HistoryNames& names) {
  const auto row = read_control(connection, names);
  if (!row) return std::nullopt;
  const auto holder = read_lease(connection, names);
  if (!holder) return std::nullopt;
  Running running{
      .run_id = holder->application.substr(holder->application.find('/') + 1), .holder = *holder, .row = {}};
  if (row->run_id == running.run_id) running.row = *row;
  return running;
}

std::optional<Milliseconds> time_left(const RunProgress& progress) {
  if (progress.units_per_second <= 0 || progress.units_total <= progress.units_done) return std::nullopt;
  const double seconds = static_cast<double>(progress.units_total - progress.units_done) / progress.units_per_second;
  return Milliseconds(static_cast<long long>(seconds * 1000));
}

std::string units_text(const RunProgress& progress) {
  std::string text = fmt::format("{}", progress.units_done);
  if (progress.units_total > 0) text += fmt::format(" of about {}", progress.units_total);
  text += fmt::format(" {}", progress.unit);
  if (progress.units_per_second > 0) text += fmt::format(", {:.0f} a second", progress.units_per_second);
  if (const auto left = time_left(progress)) text += fmt::format(", {} left", show_duration(*left));
  return text;
}

}  // namespace martlet
