#include "step/batch/session.h"

namespace martlet {
namespace {

void set(Connection& connection, const std::string& name, const std::string& value) {
  connection.execute("SELECT pg_catalog.set_config($1, $2, false)", {name, value});
}

}  // namespace

std::unique_ptr<Connection> open_batch_session(const BatchContext& context, const BatchSettings& settings) {
  const Result set_there = context.connection.execute(
      "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND context IN ('user', 'superuser')");
  std::unique_ptr<Connection> connection = context.connect();
  for (const Row& row : set_there.rows) set(*connection, row[0].value_or(""), row[1].value_or(""));
  set(*connection, "row_security", "off");
  set(*connection, "default_transaction_isolation", "read committed");
  set(*connection, "synchronous_commit", "off");
  set(*connection, "extra_float_digits", "3");
  set(*connection, "lock_timeout", std::to_string(settings.lock_wait.count()));
  if (settings.statement_timeout) {
    set(*connection, "statement_timeout", std::to_string(settings.statement_timeout->count()));
  }
  // A sequential scan for one range reads the whole table, for each range again; that it is forbidden makes plans look
  // so costly that they would be compiled.
  set(*connection, "enable_seqscan", "off");
  set(*connection, "enable_bitmapscan", "off");
  set(*connection, "jit", "off");
  return connection;
}

}  // namespace martlet
