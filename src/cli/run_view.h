// A run as people see it: one line a migration, who is waited for, a progress line for what takes long. With --json the
// same is collected as `migrations`, `gates`, `warnings` and `notices`.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/events.h"
#include "cli/command_alerts.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "metric/run_metrics.h"
#include "run/report.h"

namespace martlet {

/// Made before the run, with its events handed to the runner; ends with the run. What is understood:
/// migration_planned{migration: label, text: name} (the columns are made as wide as these),
/// migration_started{migration: label, id, text: name, total: statements, place}, statement_finished{done: index, from
/// 0}, migration_finished{migration: label, text: job_word(), elapsed}, migration_failed{text, place}, and the rest
/// as base/events.h says. Everything is written to the log file too, where there is one.
class RunView {
 public:
  /// For a look at a run, of which nobody is told.
  explicit RunView(Output& output);
  /// For a run: tells the sinks of the configuration, too, and leaves figures in metrics.textfile. Throws Error{usage}
  /// where their configuration is wrong.
  RunView(Context& context, std::string_view command, const Identity& who);
  ~RunView();
  RunView(const RunView&) = delete;
  RunView& operator=(const RunView&) = delete;

  const Events& events() const { return events_; }

  /// Runs it. One that never began (no connection, another run, a hazard, a protected environment) is told as one that
  /// failed; wrong use is told to nobody but who did it.
  RunReport follow(const std::function<RunReport()>& run) const;

 private:
  struct Begun {
    std::string id, name, file;
  };

  void show(const Event& event);
  void migration_planned(const Event& event);
  void migration_started(const Event& event);
  void migration_finished(const Event& event);
  void migration_failed(const Event& event);
  void note_gate(const Event& event);
  void waiting(const Event& event, std::string_view prefix);
  void side_line(std::string_view text);
  void warn(std::string_view text);
  void write_metrics();
  void result_line(const std::string& label, const std::string& name, Cell state, const std::string& time);

  Output& output_;
  Events events_;
  Progress progress_;
  std::map<std::string, Begun> begun_;            // by label
  std::size_t label_width_ = 0, name_width_ = 0;  // of the widest migration of the run
  std::string last_side_line_;
  nlohmann::ordered_json migrations_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json gates_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json warnings_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json notices_ = nlohmann::ordered_json::array();
  bool has_begun_ = false;  // the run, or it has failed
  RunFigures figures_;
  std::string metrics_file_;
  MetricOrigin metrics_origin_;
  std::optional<CommandAlerts> alerts_;
};

}  // namespace martlet
