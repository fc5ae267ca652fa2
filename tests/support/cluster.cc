#include "tests/support/cluster.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "sql/statement.h"

namespace martlet::testing {

LocalServer& cluster() {
  // Statistics that a worker gathers meanwhile would change the plans of what is measured.
  static LocalServer server({.settings = {{"max_connections", "200"}, {"autovacuum", "off"}}});
  return server;
}

TestDatabase::TestDatabase(LocalServer& server, std::string_view name)
    : url_(server.url(name.empty() ? "test_" + random_hex(6) : std::string(name))) {
  driver_for(url_).create_database(url_);
}

TestDatabase::~TestDatabase() {
  if (url_.empty()) return;
  try {
    driver_for(url_).drop_database(url_);
  } catch (const Error&) {
    // The server may be stopped, or the test has dropped it: nothing is left either way.
  }
}

Url TestDatabase::url_as(std::string_view role, std::string_view password) const {
  return with_user(url_, role, password);
}

std::string TestDatabase::value(std::string_view sql) const {
  const Result result = query(sql);
  return result.rows.empty() ? "" : result.rows.at(0).at(0).value_or("");
}

TestDatabase fresh_database() {
  return TestDatabase(cluster());
}

TestRole::TestRole(const TestDatabase& database, std::string_view attributes)
    : database_(database.url()), name_("role_" + random_hex(6)) {
  database.query(fmt::format("CREATE ROLE {} {}", quote_identifier(name_), attributes));
}

TestRole::~TestRole() {
  try {
    const auto connection = open_connection(database_);
    connection->execute(fmt::format("DROP OWNED BY {} CASCADE", quote_identifier(name_)));
    connection->execute(fmt::format("DROP ROLE {}", quote_identifier(name_)));
  } catch (const Error&) {
    // The role goes with the server.
  }
}

Url with_user(const Url& url, std::string_view user, std::string_view password) {
  const std::string& text = url.text();
  const auto start = text.find("://") + 3;
  const auto at = text.find_first_of("@/", start);
  const auto rest = at != std::string::npos && text[at] == '@' ? at + 1 : start;
  const std::string secret = password.empty() ? "" : ":" + std::string(password);
  return Url::parse(fmt::format("{}{}{}@{}", text.substr(0, start), user, secret, text.substr(rest)));
}

}  // namespace martlet::testing
