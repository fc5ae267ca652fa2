// What people are told about a run, whatever way it takes to them.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"

namespace martlet {

enum class AlertLevel { info, warning, critical };
/// "info", "warning", "critical"
std::string_view level_word(AlertLevel level);

/// Where alerts come from: the same for all of one command.
struct AlertOrigin {
  std::string command;      // "up"
  std::string environment;  // "" = none chosen
  std::string database;     // its name, without a password
  std::string host, actor, ticket, run_id;

  /// "production (shop)": environment and database, as far as they are known.
  std::string where() const;
};

struct Alert {
  using Time = std::chrono::system_clock::time_point;
  /// One migration of the run, for whoever draws a time line.
  struct Part {
    std::string name;  // "V007 add totals"
    Time begun, ended;
  };

  std::string trigger;  // "failed"
  AlertLevel level = AlertLevel::info;
  std::string what;       // "migration failed", without where
  std::string text;       // the error, the lock's holder, the gate's figures; passwords masked
  std::string migration;  // the one that was at work, "" = none
  std::string place;      // "V007__x.sql:12:1", "" = not known
  std::string version;    // where the database was when the run began
  Time begun, at;         // of the run, and of what this tells
  std::vector<Part> parts;
  AlertOrigin origin;

  /// One line: "production (shop): migration failed at V007".
  std::string title() const;
  /// What people read below the title: the text, and who, where, which run, one a line.
  std::string details() const;
  /// Everything, for programs (docs/alerts.md).
  nlohmann::ordered_json json() const;
  Milliseconds elapsed() const { return std::chrono::duration_cast<Milliseconds>(at - begun); }
};

/// "2026-11-29T15:34:56Z"
std::string alert_time(Alert::Time time);

}  // namespace martlet
