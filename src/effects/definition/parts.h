// What the files of this folder share.
#pragma once

#include <string>
#include <vector>

#include "effects/definition.h"
#include "effects/definition/access_methods.h"
#include "effects/expression.h"

namespace martlet {

/// An index that is to be made: what CREATE INDEX and the constraints say of it.
struct IndexPlan {
  ObjectId table = 0;
  std::string name;  // "" = made up
  IndexDefinition definition;
  Constraint::Kind constraint = Constraint::Kind::check;  // of `is_constraint`
  bool is_constraint = false;
  bool deferrable = false, initially_deferred = false;
  std::vector<std::string> column_names;  // as they go into a made-up name
  std::vector<std::string> options;
  std::string tablespace;
  std::vector<std::string> operators;  // of an exclusion constraint: one a key
  bool concurrently = false;
  bool recurse = true;  // to the partitions of a partitioned table
  ObjectId parent_constraint = 0;
};

/// Makes the index, its constraint, and those of the partitions: scans what is built. The table is locked already.
ObjectId make_index(Execution& execution, IndexPlan plan);

/// Fails where no such index can be made: for its tablespace, its access method, its options.
void require_possible(const Execution& execution, const IndexPlan& plan, const IndexDemands& demands);

/// Reads columns, expressions, operator classes and the predicate of an index into the plan.
void read_keys(Execution& execution, IndexPlan& plan, std::size_t count, Node* const* elements);
void read_included(Execution& execution, IndexPlan& plan, const std::string& name);
void read_predicate(Execution& execution, IndexPlan& plan, const Node* predicate);

/// Adds a column's name to those that go into a made-up name; numbered until it differs from those before it
/// (indexcmds.c, ChooseIndexColumnNames).
void add_column_name(IndexPlan& plan, const std::string& name);

/// The collation that an expression has of the columns it reads; "" = the usual one, or none (parse_collate.c).
std::string expression_collation(const Catalog& catalog, const std::vector<Column>& columns,
                                 const ExpressionFacts& facts);

/// A plan for an index like this one, on another table; the name is made up.
IndexPlan copy_of_index(Execution& execution, ObjectId index, ObjectId table);

/// Gives a partition an index that belongs to one of its parent's: one that it has already and that is alike, or a new
/// one (AttachPartitionEnsureIndexes).
void take_over_index(Execution& execution, ObjectId parent_index, ObjectId partition);
/// Makes a partitioned index anew that was made ON ONLY: partitions that have none of it get one.
void complete_index(Execution& execution, ObjectId partitioned_index);
/// Makes an index of a partition belong to its parent's. False where the two are not alike.
bool attach_index_of_partition(Execution& execution, ObjectId parent_index, ObjectId index);

/// A foreign key, with the locks on both sides and the scans of its validation.
void add_foreign_key(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint, const Column* column);

/// Gives a new partition the foreign keys of others that refer to its parent. Locks those tables.
void clone_references(Execution& execution, ObjectId parent, ObjectId partition);

/// A literal of an enum (or a domain over one; of any other type nothing is said): fails with 22P02 where that has no
/// such label, with 55P04 where the label may not be used before its transaction is committed (enum.c).
void require_label(const Execution& execution, ObjectId type, const std::string& label);

/// DEFAULT NULL is none, but for a domain, whose checks make an expression of it (heap.c, AddRelationNewConstraints).
bool is_no_default(const Catalog& catalog, TypeUse type, const ExpressionFacts& facts);

/// Fails as the server does where a DEFAULT names columns, has a subquery or an aggregate, or is of a type that cannot
/// be assigned to the column.
void require_default(const Execution& execution, const Column& column, const ExpressionFacts& facts);
/// The same for a CHECK, which must be a condition.
void require_condition(const Execution& execution, const ExpressionFacts& facts);
/// The collation that COLLATE names, as Column::collation has it. Fails with 42704 where there is none, with 42804
/// where the type takes none.
std::string resolve_collation(const Execution& execution, TypeUse type, const QualifiedName& name);
/// The same; "" without a clause.
std::string resolve_collation(const Execution& execution, TypeUse type, const PgQuery__CollateClause* clause);
/// Fails with 42704 where a database was asked and has no such tablespace, with 22023 for the one of shared relations.
void require_tablespace(const Execution& execution, const std::string& name);
/// As Relation::tablespace has it: "" for the one of every database that says no other.
std::string stored_tablespace(const std::string& name);
/// Fails with 42804 where the columns of a foreign key and what they refer to cannot be compared: the operator family
/// of the referenced key has no equality for the two types (tablecmds.c, ATAddForeignKeyConstraint).
void require_comparable(const Execution& execution, const Constraint& key, const Relation& referrer,
                        const Relation& target);

/// "name=value" of WITH (…) lists.
std::vector<std::string> option_texts(std::size_t count, Node* const* options);

/// The value of an option as pg_class.reloptions says it.
std::string option_value(const PgQuery__DefElem& option);

/// Column names joined as they go into the name of a constraint or index (indexcmds.c, ChooseIndexNameAddition).
std::string joined_names(const std::vector<std::string>& names);

/// Fails with 42710 where the table has a constraint of this name.
void require_free_constraint_name(const Execution& execution, const Relation& table, std::string_view name);

/// The columns of `to` that have the names of these of `from`; 0 for one that has none.
std::vector<int> same_columns(const Catalog& catalog, ObjectId from, ObjectId to, const std::vector<int>& columns);

/// attstorage where nothing else is said (pg_type.typstorage).
char type_storage(const Type* type);

/// The made-up name of extended statistics (statscmds.c, ChooseExtendedStatisticName).
std::string statistics_name(const Relation& table, const Statistics& statistics);

}  // namespace martlet
