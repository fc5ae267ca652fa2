// ALTER … RENAME of everything (alter.c, ExecRenameStmt).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition.h"
#include "effects/expression_texts.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

constexpr LockMode kExclusive = LockMode::access_exclusive;

// nullptr: IF EXISTS, and it does not.
const Relation* target(Execution& execution, const PgQuery__RenameStmt& statement, RelationKind kind) {
  const QualifiedName name = qualified_name(*statement.relation);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(name)) return nullptr;
  return &execution.relation(name, kind);
}

// An index and its constraint have one name.
void rename_constraint_of(Execution& execution, const Relation& index, const std::string& name) {
  if (!index.index || !index.index->constraint) return;
  for (Constraint& each : execution.catalog.relations.edit(index.index->table).constraints) {
    if (each.id == index.index->constraint) each.name = name;
  }
}

void rename_relation(Execution& execution, const PgQuery__RenameStmt& statement) {
  const Relation* relation = target(execution, statement, named_kind(statement.rename_type));
  if (!relation) return;
  const ObjectId id = relation->id;
  // ALTER INDEX is content with less; ALTER TABLE of an index is not (tablecmds.c, RenameRelation).
  const bool as_index = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX && relation->is_index();
  execution.lock(id, as_index || (relation->assumed && relation->kind == RelationKind::index)
                         ? LockMode::share_update_exclusive
                         : kExclusive);
  require_altered_kind(execution, *relation, statement.rename_type, AlterForm::rename);
  if (execution.catalog.relations.find(relation->schema, statement.newname)) {
    execution.fail("42P07", fmt::format("relation \"{}\" already exists", statement.newname));
  }
  const std::string schema = relation->schema;
  const ObjectId row_type = relation->row_type;
  rename_relation_in_policies(execution, id, std::string(relation->name), statement.newname);
  relation = execution.catalog.relations.get(id);
  rename_constraint_of(execution, *relation, statement.newname);
  execution.catalog.relations.rename(id, schema, statement.newname);
  if (execution.catalog.types.get(row_type)) execution.catalog.types.rename(row_type, schema, statement.newname);
}

void rename_column_in(Execution& execution, ObjectId table, const std::string& from, const std::string& to) {
  execution.lock(table, kExclusive);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (!relation.column(from) && !relation.columns_unknown) {
    execution.fail("42703", fmt::format("column \"{}\" does not exist", from));
  }
  const int number = column_number(execution, table, from);
  const Relation& known = *execution.catalog.relations.get(table);
  if (known.column(to)) {
    execution.fail("42701", fmt::format("column \"{}\" of relation \"{}\" already exists", to, known.name));
  }
  execution.catalog.relations.edit(table).column(number)->name = to;
  rename_column_in_expressions(execution, table, from, to);
  const std::vector<ObjectId> children = execution.catalog.relations.get(table)->children;
  for (const ObjectId child : children) rename_column_in(execution, child, from, to);
}

void require_not_inherited(const Execution& execution, const Column* column) {
  if (!column || !column->inherited) return;
  execution.fail("42P16", fmt::format("cannot rename inherited column \"{}\"", column->name));
}

void rename_column(Execution& execution, const PgQuery__RenameStmt& statement) {
  const Relation* relation = target(execution, statement, named_kind(statement.relation_type));
  if (!relation) return;
  const ObjectId id = relation->id;
  execution.lock(id, kExclusive);
  if (relation->is_index() || relation->kind == RelationKind::sequence) {
    execution.fail("42809", fmt::format("cannot rename columns of relation \"{}\"", relation->name));
  }
  require_not_inherited(execution, relation->column(statement.subname));
  const bool has_children = !relation->children.empty();
  if (has_children && !statement.relation->inh) {
    execution.fail("42P16",
                   fmt::format("inherited column \"{}\" must be renamed in child tables too", statement.subname));
  }
  rename_column_in(execution, id, statement.subname, statement.newname);
}

void rename_constraint_in(Execution& execution, ObjectId table, const PgQuery__RenameStmt& statement) {
  for (Constraint& each : execution.catalog.relations.edit(table).constraints) {
    if (each.name == statement.subname) each.name = statement.newname;
  }
}

void rename_table_constraint(Execution& execution, const PgQuery__RenameStmt& statement) {
  const Relation* relation = target(execution, statement, RelationKind::table);
  if (!relation) return;
  const ObjectId table = relation->id;
  execution.lock(table, kExclusive);
  const Constraint* constraint = relation->constraint(statement.subname);
  if (!constraint) {
    if (relation->columns_unknown) return;
    execution.fail("42704",
                   fmt::format("constraint \"{}\" for table \"{}\" does not exist", statement.subname, relation->name));
  }
  if (constraint->inherited && constraint->kind == Constraint::Kind::check) {
    execution.fail("42P16", fmt::format("cannot rename inherited constraint \"{}\"", statement.subname));
  }
  if (relation->constraint(statement.newname)) {
    execution.fail("42710", fmt::format("constraint \"{}\" for relation \"{}\" already exists", statement.newname,
                                        relation->name));
  }
  const bool recurses = constraint->kind == Constraint::Kind::check && !constraint->no_inherit;
  const ObjectId index = constraint->kind == Constraint::Kind::foreign_key ? 0 : constraint->index;
  if (recurses && !relation->children.empty() && !statement.relation->inh) {
    execution.fail("42P16",
                   fmt::format("inherited constraint \"{}\" must be renamed in child tables too", statement.subname));
  }
  rename_constraint_in(execution, table, statement);
  if (recurses) {
    for (const ObjectId child : lock_descendants(execution, table, kExclusive)) {
      rename_constraint_in(execution, child, statement);
    }
  }
  if (!index) return;
  execution.lock(index, LockMode::share_update_exclusive);
  execution.catalog.relations.rename(index, execution.catalog.relations.get(index)->schema, statement.newname);
}

template <class Part>
Part* named(std::vector<Part>& parts, std::string_view name) {
  const auto at = std::ranges::find(parts, name, &Part::name);
  return at == parts.end() ? nullptr : &*at;
}

template <class Part>
void rename_part(Execution& execution, const PgQuery__RenameStmt& statement, std::vector<Part> Relation::*parts,
                 std::string_view words) {
  const Relation* relation = target(execution, statement, RelationKind::table);
  if (!relation) return;
  const ObjectId id = relation->id;
  execution.lock(id, kExclusive);
  std::vector<Part>& all = execution.catalog.relations.edit(id).*parts;
  const Relation& table = *execution.catalog.relations.get(id);
  Part* part = named(all, statement.subname);
  if (!part) {
    if (table.assumed) return;
    execution.fail("42704", fmt::format("{} \"{}\" for {} \"{}\" does not exist", words, statement.subname,
                                        words == "rule" ? "relation" : "table", table.name));
  }
  if (named(all, statement.newname)) {
    execution.fail("42710", fmt::format("{} \"{}\" for {} \"{}\" already exists", words, statement.newname,
                                        words == "rule" ? "relation" : "table", table.name));
  }
  part->name = statement.newname;
}

// The copies that partitions have of a partitioned table's trigger (trigger.c, renametrig).
void rename_copies(Execution& execution, ObjectId table, ObjectId trigger, const std::string& name) {
  const std::vector<ObjectId> children = execution.catalog.relations.get(table)->children;
  for (const ObjectId child : children) {
    for (Trigger& each : execution.catalog.relations.edit(child).triggers) {
      if (each.parent != trigger) continue;
      each.name = name;
      rename_copies(execution, child, each.id, name);
    }
  }
}

void rename_trigger(Execution& execution, const PgQuery__RenameStmt& statement) {
  rename_part(execution, statement, &Relation::triggers, "trigger");
  const Relation& table = execution.relation(qualified_name(*statement.relation));
  const auto renamed = std::ranges::find(table.triggers, std::string_view(statement.newname), &Trigger::name);
  if (renamed == table.triggers.end()) return;
  if (renamed->parent) {
    execution.fail("XX000", fmt::format("cannot rename trigger \"{}\" on table \"{}\"", statement.subname, table.name));
  }
  if (!table.is_partitioned()) return;
  lock_descendants(execution, table.id, kExclusive);
  rename_copies(execution, table.id, renamed->id, statement.newname);
}

// RenameType, and a domain's constraint
void rename_type(Execution& execution, const PgQuery__RenameStmt& statement) {
  const bool domain = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN;
  const QualifiedName name = object_name(*statement.object);
  const Type* type = require_type(execution, name);
  if (!type) return;
  require_own_type(execution, *type);
  if (domain && type->kind != Type::Kind::domain) {
    execution.fail("42809", fmt::format("{} is not a domain", type->name));
  }
  if (execution.catalog.types.find(type->schema, statement.newname)) {
    execution.fail("42710", fmt::format("type \"{}\" already exists", statement.newname));
  }
  const Type renamed = *type;
  if (renamed.relation) execution.lock(renamed.relation, kExclusive);
  execution.catalog.types.rename(renamed.id, renamed.schema, statement.newname);
  if (renamed.relation) execution.catalog.relations.rename(renamed.relation, renamed.schema, statement.newname);
  if (execution.catalog.types.get(renamed.array)) {
    execution.catalog.types.rename(renamed.array, renamed.schema, std::string("_") + statement.newname);
  }
}

void rename_domain_constraint(Execution& execution, const PgQuery__RenameStmt& statement) {
  const QualifiedName name = object_name(*statement.object);
  const Type* type = require_type(execution, name);
  if (!type) return;
  std::vector<Constraint>& checks = execution.catalog.types.edit(type->id).checks;
  Constraint* check = named(checks, statement.subname);
  if (!check) {
    execution.fail("42704",
                   fmt::format("constraint \"{}\" for domain {} does not exist", statement.subname, name.name));
  }
  check->name = statement.newname;
}

void rename_attribute(Execution& execution, const PgQuery__RenameStmt& statement) {
  const Relation* relation = target(execution, statement, RelationKind::composite_type);
  if (!relation) return;
  const ObjectId type = relation->row_type;
  const bool cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  std::vector<ObjectId> typed;
  execution.catalog.relations.each_of_users([&](const Relation& table) {
    if (type && table.of_type == type) typed.push_back(table.id);
  });
  if (!typed.empty() && !cascade) {
    execution.fail("2BP01",
                   fmt::format("cannot alter type \"{}\" because it is the type of a typed table", relation->name));
  }
  rename_column_in(execution, relation->id, statement.subname, statement.newname);
  for (const ObjectId table : typed) rename_column_in(execution, table, statement.subname, statement.newname);
}

void rename_function(Execution& execution, const PgQuery__RenameStmt& statement) {
  const PgQuery__ObjectWithArgs& name = *statement.object->object_with_args;
  const Function* function = find_function(execution, name);
  if (!function) {
    if (!execution.catalog.complete) return;
    execution.fail("42883",
                   fmt::format("{} {} does not exist", object_words(statement.rename_type), function_text(name)));
  }
  execution.catalog.functions.each_named(function->schema, statement.newname, [&](const Function& other) {
    if (other.arguments != function->arguments) return;
    execution.fail("42723",
                   fmt::format("function {} already exists in schema \"{}\"", statement.newname, function->schema));
  });
  execution.catalog.functions.rename(function->id, function->schema, statement.newname);
}

template <class Objects>
void move_all_of(Objects& objects, const std::string& from, const std::string& to) {
  std::vector<ObjectId> inside;
  objects.each_of_users([&](const auto& each) {
    if (each.schema == from) inside.push_back(each.id);
  });
  for (const ObjectId id : inside) objects.rename(id, to, std::string(objects.get(id)->name));
}

void rename_schema(Execution& execution, const PgQuery__RenameStmt& statement) {
  const Schema* schema = execution.catalog.schemas.find("", statement.subname);
  if (!schema) {
    if (!execution.catalog.complete) return;
    require_schema(execution, statement.subname);
  }
  if (execution.catalog.schemas.find("", statement.newname)) {
    execution.fail("42P06", fmt::format("schema \"{}\" already exists", statement.newname));
  }
  execution.catalog.schemas.rename(schema->id, "", statement.newname);
  move_all_of(execution.catalog.relations, statement.subname, statement.newname);
  move_all_of(execution.catalog.types, statement.subname, statement.newname);
  move_all_of(execution.catalog.functions, statement.subname, statement.newname);
  move_all_of(execution.catalog.others, statement.subname, statement.newname);
}

void rename_statistics(Execution& execution, const PgQuery__RenameStmt& statement) {
  const QualifiedName name = object_name(*statement.object);
  ObjectId holder = 0;
  execution.catalog.relations.each_of_users([&](const Relation& relation) {
    for (const Statistics& each : relation.statistics) {
      if (each.name == name.name && (name.schema.empty() || name.schema == each.schema)) holder = relation.id;
    }
  });
  if (holder) {
    named(execution.catalog.relations.edit(holder).statistics, name.name)->name = statement.newname;
  } else if (execution.catalog.complete) {
    execution.fail("42704", fmt::format("statistics object \"{}\" does not exist", name.text()));
  }
}

void rename_other(Execution& execution, const PgQuery__RenameStmt& statement) {
  const QualifiedName name = statement.object ? object_name(*statement.object) : QualifiedName{"", statement.subname};
  const std::string_view kind = object_words(statement.rename_type);
  const OtherObject* other = find_other(execution, kind, name);
  if (!other) {
    if (!execution.catalog.complete || !is_known_by_name(statement.rename_type)) return;
    execution.fail("42704", fmt::format("{} \"{}\" does not exist", kind, name.text()));
  }
  if (find_other(execution, kind, {other->schema, statement.newname})) {
    execution.fail("42710", fmt::format("{} \"{}\" already exists", kind, statement.newname));
  }
  execution.catalog.others.rename(other->id, other->schema, statement.newname);
}

void execute_rename(Execution& execution, const Node& node) {
  const PgQuery__RenameStmt& statement = *node.rename_stmt;
  switch (statement.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      return rename_relation(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      return rename_column(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE:
      return rename_attribute(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return rename_table_constraint(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
      return rename_domain_constraint(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return rename_type(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return rename_function(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      return rename_trigger(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      return rename_part(execution, statement, &Relation::policies, "policy");
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      return rename_part(execution, statement, &Relation::rules, "rule");
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return rename_schema(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return rename_statistics(execution, statement);
    default:
      return rename_other(execution, statement);
  }
}

const Registered<StatementKind> kRename{
    {.id = "RenameStmt", .node = PG_QUERY__NODE__NODE_RENAME_STMT, .execute = execute_rename}};

}  // namespace
}  // namespace martlet
