// Small looks at statements and at the catalog that several hazards take.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// The relation or type of this name in a catalog, by the session's search path; nullptr = there is none.
const Relation* find_relation(const Catalog& catalog, const SessionState& session, const QualifiedName& name);
const Type* find_type(const Catalog& catalog, const SessionState& session, const QualifiedName& name);
const Function* find_function(const Catalog& catalog, const SessionState& session, const QualifiedName& name);

/// May others be using the table that the statement names? It was there before, was not made in this run and is not
/// temporary. Where no database was asked, a name that nobody has made counts as there.
bool is_live(const Case& at, const QualifiedName& name);
bool is_live(const Case& at, const PgQuery__RangeVar* range);

/// A range as people write it: `shop.orders`.
std::string shown(const PgQuery__RangeVar& range);

/// The sub-commands of an ALTER TABLE; nothing for any other statement.
std::span<Node* const> alter_commands(const Node& node);

/// The partitioned table at the top of what the relation is a partition of; itself where it is none.
ObjectId root_of(const Catalog& catalog, ObjectId relation);

/// A relation of the catalog as people write it: `orders`, `shop.orders`.
std::string shown(const Relation& relation);

/// A column as CREATE TABLE, ADD COLUMN or ALTER COLUMN … TYPE writes it.
struct WrittenColumn {
  enum class By { create, add, retype };
  By by;
  const PgQuery__RangeVar& table;
  std::string_view name;
  const PgQuery__ColumnDef& definition;
  const PgQuery__AlterTableCmd* command = nullptr;  // of ALTER TABLE
};
void each_written_column(const Node& node, const std::function<void(const WrittenColumn&)>& visit);

/// The last part of a type's name, as the grammar has it: "varchar", "int4", "timestamp".
std::string_view type_name(const PgQuery__TypeName* type);
/// The column's constraint of this kind, or nullptr.
const PgQuery__Constraint* constraint_of(const PgQuery__ColumnDef& column, PgQuery__ConstrType kind);

/// A string constant's text; nullopt for anything else. A cast of one counts.
std::optional<std::string_view> string_constant(const Node* node);

/// Is `name` one of these?
bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names);

/// The rows of which one table does the statement copy into which other?
std::optional<TableCopy> table_copy(const Node& node);

}  // namespace martlet
