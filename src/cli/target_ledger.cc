#include "cli/target_ledger.h"

#include "cli/target.h"

namespace martlet {

TargetLedger read_target_ledger(const Config& config) {
  TargetLedger found;
  if (!config.problem("url").empty()) {
    found.why_not = config.problem("url");
  } else if (!config.is_set("url")) {
    found.why_not = "no database is configured";
  } else {
    try {
      found.connection = connect_target(config, target_identity(config));
      found.ledger = Ledger::read(*found.connection, history_names(config));
    } catch (const Error& problem) {
      const bool asked_for = config.source("url").starts_with("flag");
      if (asked_for || problem.kind != ErrorKind::connection) throw;
      found.why_not = problem.message;
    }
  }
  return found;
}

}  // namespace martlet
