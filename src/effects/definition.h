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

/// The type of this name itself, whatever its modifiers and array bounds; nullptr where there is none.
const Type* find_type(const Execution& execution, const PgQuery__TypeName& name);

/// The number of a table's column. Without it fails with 42703; a table that was assumed to exist (or was made from
/// one) gets the column, of unknown type.
int column_number(Execution& execution, ObjectId table, std::string_view name);

/// One more than the last column's.
int next_column_number(const Relation& table);

/// The sequence of a serial or identity column, owned by it: table_column_seq. Returns its id; the caller sets the
/// column's `owned_sequence`.
ObjectId make_owned_sequence(Execution& execution, const Relation& table, const Column& column);

/// The column a definition makes, its constraints (NOT NULL, DEFAULT, GENERATED, IDENTITY) included; what becomes an
/// object of its own (CHECK, UNIQUE, REFERENCES) is added by add_constraint() afterwards.
/// `table` is the one that gets it; its schema and name give a serial's sequence its name.
Column make_column(Execution& execution, const PgQuery__ColumnDef& definition, const Relation& table);

/// Adds a constraint of a table (`column` = the one it was written at, or nullptr), with its index or its foreign key's
/// triggers: locks, scans and builds what the server does. Used for new tables as well, where nothing is seen by
/// others.
/// `recurse`: a key is made in the partitions too (not ALTER TABLE ONLY).
void add_constraint(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint, const Column* column,
                    bool recurse = true);

/// Adds an index and tells what building it does: the locks and scan of CREATE INDEX. Returns its id.
ObjectId build_index(Execution& execution, const PgQuery__IndexStmt& statement, ObjectId table);

/// The name PostgreSQL makes for an unnamed object: table_column_suffix, cut to 63 bytes, numbered until it is free
/// (indexcmds.c, ChooseRelationName).
std::string choose_name(const Catalog& catalog, const std::string& schema, std::string_view table,
                        std::string_view columns, std::string_view suffix);
/// The same for a constraint without an index: free among the table's own constraints (pg_constraint.c,
/// ChooseConstraintName).
std::string choose_constraint_name(const Relation& table, std::string_view columns, std::string_view suffix);
/// first_second_suffix in at most 63 bytes, both names cut evenly (indexcmds.c, makeObjectName).
std::string make_object_name(std::string_view first, std::string_view second, std::string_view suffix);

/// "table", "materialized view", …, as the server's messages say it.
std::string_view kind_word(RelationKind kind);

/// Drops a relation with what depends on it, locking all of it. Without `cascade` fails with 2BP01 where something
/// depends on it that does not go by itself.
enum class DropBehavior { restrict, cascade };
void drop_with_dependents(Execution& execution, ObjectId relation, DropBehavior behavior);
/// The same of several at once, which may depend on each other.
void drop_with_dependents(Execution& execution, const std::vector<ObjectId>& relations, DropBehavior behavior);

}  // namespace martlet
