#include "run/scratch_copy.h"

#include <filesystem>

#include "run/session.h"
#include "schema/dump.h"

namespace martlet {
namespace {

void copy_file(const RunSettings& target, const RunSettings& scratch) {
  if (!driver_for(target.url).database_exists(target.url)) return;
  std::filesystem::remove(scratch.url.target());
  open_connection(target.url)->execute("VACUUM INTO $1", {scratch.url.target()});
}

void copy_schema(const RunSettings& target, const HistoryNames& names, Connection& from, Connection& to) {
  const SourceText schema{dump_schema(from, target.url, names), "schema of the target", 1};
  for (const Statement& statement : split(schema, Dialect::postgres)) to.execute(statement.text);
}

void copy_ledger(Session& from, Session& to) {
  const Ledger ledger = from.read_ledger(Ledger::Detail::everything);
  to.take_lease();
  std::vector<Request> requests;
  for (const LedgerRow& row : ledger.rows()) {
    const Ledger::Texts texts = Ledger::texts(from.connection(), from.names, row.id);
    AppliedMigration copy{row, texts.up_sql, texts.down_sql.value_or("")};
    copy.row.run_id = to.settings.who.run_id;  // the fence asks for the run that holds the lease
    requests.push_back(record_applied(to.names, copy));
  }
  if (!requests.empty()) to.commit(std::move(requests));
}

}  // namespace

std::unique_ptr<ScratchDatabase> make_scratch(const RunSettings& settings, const std::string& server) {
  using SameServer = ScratchDatabase::SameServer;
  ScratchDatabase::Options options;
  if (!server.empty()) options.server = Url::parse(server);
  options.same_server = settings.guarded() ? SameServer::forbidden : SameServer::allowed;
  return std::make_unique<ScratchDatabase>(settings.url, options);
}

RunSettings on_scratch(const RunSettings& settings, const Url& scratch) {
  RunSettings copy = settings;
  copy.url = scratch;
  copy.protection = RunSettings::Protection::open;
  copy.agreed = true;
  copy.judges = false;
  copy.hooks = {};
  copy.backup = nullptr;
  copy.safeguards = nullptr;
  copy.create_database = scratch.dialect() == Dialect::sqlite;
  return copy;
}

void copy_target(const RunSettings& target, const RunSettings& scratch) {
  if (target.url.dialect() == Dialect::sqlite) return copy_file(target, scratch);
  Session from(target);
  Session to(scratch);
  copy_schema(target, from.names, from.connection(), to.connection());
  copy_ledger(from, to);
}

}  // namespace martlet
