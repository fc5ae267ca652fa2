#include "db/connection.h"

namespace martlet {

std::unique_ptr<Connection> open_connection(const Url& url, const OpenOptions& options) {
  return driver_for(url).open(url, options);
}

Transaction::Transaction(Connection& connection, Mode mode) : connection_(connection) {
  const bool immediate = mode == Mode::immediate && connection.dialect() == Dialect::sqlite;
  connection_.execute(immediate ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) connection_.rollback();
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

}  // namespace martlet
