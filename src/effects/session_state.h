// What of the session decides the effects of a statement.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace martlet {

class Connection;

/// Changed by SET, RESET, BEGIN, COMMIT, … as they are executed on the model.
struct SessionState {
  /// The server's word for the zone; "" = not known, taken to be none of the UTC ones.
  std::string time_zone = "Etc/UTC";
  std::vector<std::string> search_path = {"$user", "public"};
  std::string user = "postgres";
  bool in_transaction = false;
  std::map<std::string, std::string> settings;  // others that a SET named, lower case: lock_timeout, row_security, …

  // Of the open transaction: what was added to an enum may not be used before it is committed, unless the enum is new.
  std::set<std::pair<std::uint32_t, std::string>> new_labels;  // type's id, label
  std::set<std::uint32_t> new_types;

  /// COMMIT or ROLLBACK.
  void end_transaction() {
    in_transaction = false;
    new_labels.clear();
    new_types.clear();
  }
};

/// As it is on the server: TimeZone, the schemas of the search path that exist, the user. Throws the connection's
/// errors.
SessionState read_session_state(Connection& connection);

}  // namespace martlet
