#include "gate/situation.h"

namespace martlet {

HealthSituation::HealthSituation(HealthTarget what)
    : target(std::move(what)), names(HistoryNames::make(target.history, target.url.dialect())) {}

void HealthSituation::connect() {
  OpenOptions options;
  options.application_name = target.application_name;
  connection_ = open_connection(run_url(), options);
}

void HealthSituation::disconnect() {
  connection_.reset();
}

Connection& HealthSituation::connection() {
  if (!connection_) throw Error(ErrorKind::connection, "there is no connection");
  return *connection_;
}

const Ledger& HealthSituation::ledger() {
  if (!ledger_) ledger_ = Ledger::read(connection(), names);
  return *ledger_;
}

const Folder& HealthSituation::folder() {
  if (!folder_) folder_ = read_folder(target.folder);
  return *folder_;
}

const std::vector<StandingEntry>& HealthSituation::standings() {
  if (!standings_) standings_ = compare(folder(), ledger());
  return *standings_;
}

}  // namespace martlet
