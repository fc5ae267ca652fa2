// What of the session decides the effects of a statement.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/catalog.h"

namespace martlet {

struct SessionState;

/// A point of the open transaction that can be gone back to.
struct Savepoint {
  std::string name;  // "" = the beginning of the transaction
  CatalogMark mark;
  std::shared_ptr<const SessionState> session;  // as it was
};

/// Changed by SET, RESET, BEGIN, COMMIT, … as they are executed on the model.
struct SessionState {
  /// The server's word for the zone; "" = not known, taken to be none of the UTC ones.
  std::string time_zone = "Etc/UTC";
  std::string default_time_zone;  // that RESET goes back to; "" = not known
  std::vector<std::string> search_path = {"$user", "public"};
  std::vector<std::string> default_search_path = {"$user", "public"};
  std::string user = "postgres";
  bool in_transaction = false;
  std::map<std::string, std::string> settings;  // others that a SET named, lower case: lock_timeout, row_security, …

  std::map<std::string, std::string> prepared;  // by name: the SQL of what PREPARE was told
  std::vector<Savepoint> savepoints;            // of the open transaction, the last one last

  // Of the open transaction: what was added to an enum may not be used before it is committed, unless the enum is new.
  std::set<std::pair<std::uint32_t, std::string>> new_labels;  // type's id, label
  std::set<std::uint32_t> new_types;

  /// SET name TO value; `name` is lower case.
  void set(const std::string& name, const std::string& value);
  /// RESET, of one or of all.
  void reset(const std::string& name);
  void reset_all();
  /// COMMIT or ROLLBACK.
  void end_transaction() {
    in_transaction = false;
    savepoints.clear();
    new_labels.clear();
    new_types.clear();
  }
};

/// As it is on the server: TimeZone, the schemas of the search path that exist, the user, and what RESET would give.
/// Throws the connection's errors.
SessionState read_session_state(Connection& connection);

}  // namespace martlet
