#include "alert/alert.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

namespace martlet {

std::string_view level_word(AlertLevel level) {
  static constexpr std::array<std::string_view, 3> kWords{"info", "warning", "critical"};
  return kWords[static_cast<std::size_t>(level)];
}

std::string AlertOrigin::where() const {
  if (environment.empty() || database.empty()) return environment + database;
  return fmt::format("{} ({})", environment, database);
}

std::string alert_time(Alert::Time time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm at{};
  gmtime_r(&seconds, &at);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &at);
  return {text.data(), size};
}

std::string Alert::title() const {
  const std::string where = origin.where();
  return fmt::format("{}{}{}{}{}", where, where.empty() ? "" : ": ", what, migration.empty() ? "" : " at ", migration);
}

std::string Alert::details() const {
  std::string lines = text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", name, value);
  };
  add("place", place);
  add("command", origin.command.empty() ? "" : "martlet " + origin.command);
  add("version before", version);
  add("running for", elapsed().count() > 0 ? show_duration(elapsed()) : "");
  add("by", origin.actor + (origin.host.empty() ? "" : "@" + origin.host));
  add("ticket", origin.ticket);
  add("run", origin.run_id);
  return lines;
}

nlohmann::ordered_json Alert::json() const {
  return {{"source", "martlet"},
          {"trigger", trigger},
          {"level", level_word(level)},
          {"title", title()},
          {"text", text},
          {"migration", migration},
          {"place", place},
          {"command", origin.command},
          {"environment", origin.environment},
          {"database", origin.database},
          {"host", origin.host},
          {"actor", origin.actor},
          {"ticket", origin.ticket},
          {"run_id", origin.run_id},
          {"version_before", version},
          {"elapsed_ms", elapsed().count()},
          {"at", alert_time(at)}};
}

}  // namespace martlet
