// What health checks look at. Each part is read when the first check asks for it, and once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "history/ledger.h"
#include "history/names.h"
#include "history/standing.h"
#include "migration/folder.h"

namespace martlet {

/// Where to look, resolved from the configuration.
struct HealthTarget {
  Url url;
  Url direct_url;  // past the pooler; empty where none is configured
  FolderOptions folder;
  HistoryOptions history;
  std::string application_name = "martlet";
};

class HealthSituation {
 public:
  explicit HealthSituation(HealthTarget what);
  HealthSituation(const HealthSituation&) = delete;
  HealthSituation& operator=(const HealthSituation&) = delete;

  const HealthTarget target;
  const HistoryNames names;
  /// The client's clock; tests set their own.
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;

  /// The URL that a run would work through: the direct one where there is one.
  const Url& run_url() const { return target.direct_url.empty() ? target.url : target.direct_url; }
  /// Opens the session through run_url(). Throws Error{connection}.
  void connect();
  void disconnect();
  bool connected() const { return connection_ != nullptr; }
  /// The open session. Throws Error{connection} where there is none.
  Connection& connection();

  /// Throws as Ledger::read does, each time.
  const Ledger& ledger();
  /// Throws as read_folder does, each time.
  const Folder& folder();
  /// Files beside ledger. Throws as the two above do.
  const std::vector<StandingEntry>& standings();

 private:
  std::unique_ptr<Connection> connection_;
  std::optional<Ledger> ledger_;
  std::optional<Folder> folder_;
  std::optional<std::vector<StandingEntry>> standings_;
};

}  // namespace martlet
