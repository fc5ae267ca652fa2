// The published view of the ledger: [history] view = "public.schema_migrations".
#pragma once

#include <string>

#include "db/connection.h"
#include "history/names.h"

namespace martlet {

/// Where the view is to be: PostgreSQL schema and name ("public" where none is given), SQLite the name alone.
struct ViewName {
  std::string schema, name;
  std::string quoted(Dialect dialect) const;
  static ViewName parse(const std::string& text);
};

/// Creates the view, or makes it anew, in the running transaction. Throws Error{validation} where something that is not
/// martlet's view has the name.
void publish_view(Connection& connection, const HistoryNames& names, const std::string& view);

/// True where the view is there (or where none is wanted).
bool view_exists(Connection& connection, const std::string& view);

}  // namespace martlet
