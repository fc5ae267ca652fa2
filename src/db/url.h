// Where a database is.
#pragma once

#include <string>
#include <string_view>

#include "sql/dialect.h"

namespace martlet {

/// `postgres://`, `postgresql://` (with everything libpq reads in them), `sqlite:path`, `sqlite::memory:`.
class Url {
 public:
  Url() = default;
  /// Throws Error{usage} for an unknown scheme (nearest named) or a URL that libpq cannot read. Never echoes a
  /// password.
  static Url parse(std::string_view text);

  bool empty() const { return text_.empty(); }
  /// As given, passwords included: for drivers, never for output.
  const std::string& text() const { return text_; }
  const std::string& scheme() const { return scheme_; }
  Dialect dialect() const;
  /// For libpq: the URL as given. For SQLite: the file path, or ":memory:".
  const std::string& target() const { return target_; }
  /// For people and logs: passwords replaced by ***.
  std::string shown() const;
  /// The database's name (PostgreSQL: as libpq resolves it, PG* and service files included; SQLite: the path).
  std::string database() const;
  /// The same server, another database (PostgreSQL), or another file in the same folder (SQLite).
  Url with_database(std::string_view name) const;

 private:
  std::string text_;
  std::string scheme_;
  std::string target_;
};

}  // namespace martlet
