// What a trigger's function does to other tables: for hazards about triggers that keep two tables, or two columns, in
// step.
#pragma once

#include <string>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

/// One INSERT, UPDATE or DELETE that a function makes.
struct RowWrite {
  enum class Kind { insert, update, remove };
  Kind kind = Kind::insert;
  QualifiedName table;
  bool upserts = false;       // ON CONFLICT DO UPDATE
  bool skips = false;         // ON CONFLICT DO NOTHING
  bool from_new_row = false;  // names NEW or OLD
};

/// NEW.target := NEW.source, under no condition.
struct ColumnCopy {
  std::string target, source;  // lower case
};

struct SyncFunction {
  std::vector<RowWrite> writes;
  std::vector<ColumnCopy> copies;
  /// Looks whether it runs because of itself, or whether anything has changed: pg_trigger_depth(), a setting, IS
  /// DISTINCT FROM.
  bool is_guarded = false;
};

/// Reads a PL/pgSQL function of the catalog; nothing for one that is not there or in another language.
SyncFunction read_sync_function(const Function* function);

/// A trigger's function: by its id, else by the name a statement gives.
const Function* trigger_function(const Catalog& catalog, const SessionState& session,
                                 const PgQuery__CreateTrigStmt& create);

/// Does `expression` keep a trigger from firing for what it did itself?
bool is_guard(std::string_view sql);

/// Is it this relation? An unqualified name is taken to be.
bool is_named(const Relation& relation, const QualifiedName& name);

}  // namespace martlet
