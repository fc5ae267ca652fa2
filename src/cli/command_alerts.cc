#include "cli/command_alerts.h"

#include "base/log.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

// SQLite's is a path; its folder is not what people look for.
std::string database_of(const Config& config) {
  if (!has_target(config)) return {};
  try {
    return target_url(config).database();
  } catch (const Error&) {
    return {};  // what is wrong with the URL is said by who connects
  }
}

}  // namespace

AlertOrigin alert_origin(const Config& config, std::string_view command, const Identity& who) {
  return {.command = std::string(command),
          .environment = config.environment(),
          .database = database_of(config),
          .host = who.host,
          .actor = who.actor,
          .ticket = who.ticket,
          .run_id = who.run_id};
}

CommandAlerts::CommandAlerts(const Context& context, std::string_view command, const Identity& who, Say warn,
                             Say waiting)
    : waiting_(std::move(waiting)) {
  AlertSettings settings = read_alerts(context.config);
  if (settings.rules.empty() && settings.problems.empty()) return;
  const auto logged = [warn = std::move(warn)](const std::string& text) {
    log::info("warning: " + text);
    warn(text);
  };
  alerts_ = std::make_unique<Alerts>(std::move(settings), alert_origin(context.config, command, who), logged);
}

CommandAlerts::CommandAlerts(const Context& context, std::string_view command, const Identity& who)
    : CommandAlerts(
          context, command, who, [&output = context.output](const std::string& text) { output.warn(text); },
          [](const std::string&) {}) {}

CommandAlerts::~CommandAlerts() {
  if (alerts_) alerts_->finish(waiting_);
}

void CommandAlerts::note(const Event& event) {
  if (alerts_) alerts_->note(event);
}

}  // namespace martlet
