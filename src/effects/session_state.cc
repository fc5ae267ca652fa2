#include "effects/session_state.h"

#include "base/text.h"
#include "db/connection.h"

namespace martlet {

SessionState read_session_state(Connection& connection) {
  const Row row = connection
                      .execute(
                          "SELECT current_setting('TimeZone'), current_user,"
                          "       array_to_string(current_schemas(false), E'\\n')")
                      .rows.at(0);
  SessionState session;
  session.time_zone = row[0].value_or("");
  session.user = row[1].value_or("");
  session.search_path = split_list(row[2].value_or(""), '\n');
  return session;
}

}  // namespace martlet
