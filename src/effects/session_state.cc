#include "effects/session_state.h"

#include <algorithm>

#include "base/text.h"
#include "db/connection.h"

namespace martlet {
namespace {

// "$user", public: names as a list writes them.
std::vector<std::string> path_of(const std::string& list) {
  std::vector<std::string> path;
  for (const std::string& each : split_list(list, ',')) {
    std::string name(trim(each));
    if (name.size() > 1 && name.starts_with('"')) name = name.substr(1, name.size() - 2);
    if (!name.empty()) path.push_back(std::move(name));
  }
  return path;
}

}  // namespace

void SessionState::set(const std::string& name, const std::string& value) {
  if (name == "search_path") {
    search_path = path_of(value);
  } else if (name == "timezone") {
    time_zone = value;
  } else if (name == "role" || name == "session_authorization") {
    if (lower(value) != "none" && !value.empty()) user = value;
  } else {
    settings[name] = value;
  }
}

void SessionState::reset(const std::string& name) {
  if (name == "search_path") search_path = default_search_path;
  if (name == "timezone") time_zone = default_time_zone;
  settings.erase(name);
}

void SessionState::reset_all() {
  search_path = default_search_path;
  time_zone = default_time_zone;
  settings.clear();
}

SessionState read_session_state(Connection& connection) {
  const Row row = connection
                      .execute(
                          "SELECT current_setting('TimeZone'), current_user,"
                          "       array_to_string(current_schemas(false), E'\\n'),"
                          "       (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone'),"
                          "       (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path')")
                      .rows.at(0);
  SessionState session;
  session.time_zone = row[0].value_or("");
  session.user = row[1].value_or("");
  session.search_path = split_list(row[2].value_or(""), '\n');
  session.default_time_zone = row[3].value_or("");
  session.default_search_path = path_of(row[4].value_or(""));
  return session;
}

}  // namespace martlet
