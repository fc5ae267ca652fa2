// Real PostgreSQL servers for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "db/connection.h"
#include "scratch/local_server.h"

namespace martlet::testing {

/// The server that all tests of this program share: started at first use, with fsync off, stopped at the program's
/// end. A test that stops or reconfigures a server makes a LocalServer of its own.
LocalServer& cluster();

/// A database of a test's own, dropped at the end of its scope, sessions and all.
class TestDatabase {
 public:
  explicit TestDatabase(LocalServer& server, std::string_view name = "");
  ~TestDatabase();
  TestDatabase(TestDatabase&& other) noexcept : url_(std::exchange(other.url_, {})) {}

  const Url& url() const { return url_; }
  /// For a command line or DATABASE_URL.
  const std::string& text() const { return url_.text(); }
  std::string name() const { return url_.database(); }
  std::unique_ptr<Connection> connect(const OpenOptions& options = {}) const { return open_connection(url_, options); }
  /// The same database as another role.
  Url url_as(std::string_view role, std::string_view password = "") const;
  /// One statement on a connection of its own.
  Result query(std::string_view sql) const { return connect()->execute(sql); }
  /// The first value of its first row; "" for NULL or no row.
  std::string value(std::string_view sql) const;

 private:
  Url url_;
};

/// A new, empty database on the shared server.
TestDatabase fresh_database();

/// A role on the server of `database`, with what it owns there dropped at the end of its scope (declare it after the
/// database). `attributes` as in CREATE ROLE, e.g. "LOGIN CREATEDB PASSWORD 'x'".
class TestRole {
 public:
  TestRole(const TestDatabase& database, std::string_view attributes = "LOGIN");
  ~TestRole();
  TestRole(const TestRole&) = delete;
  TestRole& operator=(const TestRole&) = delete;
  const std::string& name() const { return name_; }

 private:
  Url database_;
  std::string name_;
};

/// `url` with another user (and password).
Url with_user(const Url& url, std::string_view user, std::string_view password = "");

}  // namespace martlet::testing
