// The alerts of one command.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "alert/alerts.h"
#include "cli/command.h"
#include "history/ledger.h"

namespace martlet {

/// What alerts of this command say about where they come from.
AlertOrigin alert_origin(const Config& config, std::string_view command, const Identity& who);

/// Costs nothing where the configuration has no sinks. The destructor waits for what is on its way.
class CommandAlerts {
 public:
  using Say = std::function<void(const std::string&)>;
  /// Throws Error{usage} for a configuration of alerts that is wrong: before anything is run. `warn` is told what was
  /// not delivered, `note` that the end waits for it.
  CommandAlerts(const Context& context, std::string_view command, const Identity& who, Say warn, Say waiting);
  /// For a command without a view of its own: warnings go to standard error.
  CommandAlerts(const Context& context, std::string_view command, const Identity& who);
  ~CommandAlerts();
  CommandAlerts(const CommandAlerts&) = delete;
  CommandAlerts& operator=(const CommandAlerts&) = delete;

  void note(const Event& event);

 private:
  std::unique_ptr<Alerts> alerts_;
  Say waiting_;
};

}  // namespace martlet
