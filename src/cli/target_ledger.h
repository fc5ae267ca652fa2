// The target's ledger for commands that can also do without a database.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "db/connection.h"
#include "history/ledger.h"

namespace martlet {

/// What was found; without a connection, `why_not` tells the user why.
struct TargetLedger {
  std::unique_ptr<Connection> connection;
  std::optional<Ledger> ledger;
  std::string why_not;
};

/// Reads the ledger of the configured database. Where no URL is configured, where it cannot be had, or where nothing
/// answers there, `why_not` says so, unless the URL was given with --url: then Error{connection} is thrown.
TargetLedger read_target_ledger(const Config& config);

}  // namespace martlet
