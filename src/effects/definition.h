// Columns, constraints, indexes and types as statements write them → objects of the catalog. What CREATE TABLE and
// ALTER TABLE, CREATE INDEX and ADD UNIQUE have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "effects/execution.h"

namespace martlet {

/// The type a statement names, with its modifier (typmod). serial types give their integer type. An unknown name fails
/// with 42704 in a complete catalog, else gives type 0.
TypeUse resolve_type(Execution& execution, const PgQuery__TypeName& name);
/// Is it serial, bigserial, smallserial (or serial2/4/8)?
bool is_serial(const PgQuery__TypeName& name);

/// The column a definition makes, its constraints (NOT NULL, DEFAULT, GENERATED, IDENTITY) included; what becomes an
/// object of its own (CHECK, UNIQUE, REFERENCES) is added by add_constraint() afterwards.
Column make_column(Execution& execution, const PgQuery__ColumnDef& definition, const Relation* table);

/// What the constraint's validation has to do to rows that are there.
enum class Validation { needed, skipped };

/// Adds a constraint of a table (`column` = the one it was written at, or nullptr), with its index or its foreign key's
/// triggers: locks, scans and builds what the server does. Used for new tables as well, where nothing is seen by
/// others.
void add_constraint(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint, const Column* column);

/// Adds an index and tells what building it does: the locks and scan of CREATE INDEX. Returns its id.
ObjectId build_index(Execution& execution, const PgQuery__IndexStmt& statement, ObjectId table);

/// The name PostgreSQL makes for an unnamed object: table_column_suffix, cut to 63 bytes, numbered until it is free
/// (indexcmds.c, ChooseRelationName).
std::string choose_name(const Catalog& catalog, const std::string& schema, std::string_view table,
                        std::string_view columns, std::string_view suffix);

/// Drops a relation with what depends on it, locking all of it. Without `cascade` fails with 2BP01 where something
/// depends on it that does not go by itself.
enum class DropBehavior { restrict, cascade };
void drop_with_dependents(Execution& execution, ObjectId relation, DropBehavior behavior);

}  // namespace martlet
