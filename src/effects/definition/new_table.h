// The making of a table: what CREATE TABLE takes from elsewhere.
#pragma once

#include <optional>
#include <vector>

#include "effects/definition.h"

namespace martlet {

/// A relation of this name that is not in the catalog yet; nullopt where it exists and `if_not_exists` accepts that.
/// Fails with 42P07 where it exists otherwise, and with 3F000 where its schema does not.
std::optional<Relation> begin_relation(Execution& execution, const PgQuery__RangeVar& name, RelationKind kind,
                                       bool if_not_exists);

/// A column that is there by inheritance or OF, and is written again: defaults and NOT NULL are added to it.
void merge_column(const Execution& execution, const Relation& table, Column& column, Column written);

struct Parents {
  std::vector<ObjectId> ids;  // of INHERITS or PARTITION OF, locked
};

/// Locks the parents and takes over their columns.
Parents inherit(Execution& execution, Relation& table, const PgQuery__CreateStmt& statement);
/// Their CHECK constraints.
void inherit_checks(Execution& execution, ObjectId table, const Parents& parents);

/// OF: the columns of a composite type.
void copy_type(Execution& execution, Relation& table, const PgQuery__TypeName& name);
/// PARTITION BY.
void read_partition_key(Execution& execution, Relation& table, const PgQuery__PartitionSpec* specification);
/// GENERATED expressions may name columns that are written after them: looked at when the table has them all.
void require_immutable_generation(Execution& execution, const PgQuery__Constraint& generated, const Relation& table);
void check_generated_columns(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement);

/// LIKE, in the order in which the server copies: columns; checks; indexes and statistics.
void copy_columns(Execution& execution, Relation& table, const PgQuery__TableLikeClause& like);
void copy_checks(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement);
void copy_indexes(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement);

/// Attaches a new partition: locks the default partition, whose rows are read.
void become_partition(Execution& execution, ObjectId table, ObjectId parent, const PgQuery__PartitionBoundSpec& bound);
/// The parent's indexes, foreign keys and triggers.
void clone_from_parent(Execution& execution, ObjectId table, ObjectId parent);
/// "FOR VALUES FROM (0) TO (1000)", as pg_get_expr(relpartbound) says it.
std::string bound_text(const Catalog& catalog, const Relation& parent, const PgQuery__PartitionBoundSpec& bound);

}  // namespace martlet
