// ALTER … SET SCHEMA (alter.c, ExecAlterObjectSchemaStmt; tablecmds.c, AlterTableNamespace).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/definition.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

void require_free(const Execution& execution, const Relation& relation, const std::string& schema) {
  if (relation.schema == schema) return;
  if (!execution.catalog.relations.find(schema, relation.name)) return;
  execution.fail("42P07", fmt::format("relation \"{}\" already exists in schema \"{}\"", relation.name, schema));
}

// With its indexes and its columns' sequences, which alone are locked apart: also where it is there already.
void move_relation(Execution& execution, ObjectId id, const std::string& schema) {
  const Relation relation = *execution.catalog.relations.get(id);
  require_free(execution, relation, schema);
  execution.catalog.relations.rename(id, schema, relation.name);
  for (const ObjectId index : relation.indexes) {
    execution.catalog.relations.rename(index, schema, execution.catalog.relations.get(index)->name);
  }
  for (const ObjectId sequence : relation.sequences) {
    execution.lock(sequence, LockMode::access_exclusive);
    move_relation(execution, sequence, schema);
  }
  if (const Type* row = execution.catalog.types.get(relation.row_type)) {
    execution.catalog.types.rename(row->id, schema, row->name);
  }
}

void move_named_relation(Execution& execution, const PgQuery__AlterObjectSchemaStmt& statement) {
  const QualifiedName name = qualified_name(*statement.relation);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(name)) return;
  const Relation& relation = execution.relation(name, named_kind(statement.object_type));
  execution.lock(relation.id, LockMode::access_exclusive);
  require_altered_kind(execution, relation, statement.object_type, AlterForm::set_schema);
  if (relation.kind == RelationKind::sequence && relation.owned_by.relation) {
    execution.fail("0A000", "cannot move an owned sequence into another schema");
  }
  require_schema(execution, statement.newschema);
  const bool temporary = std::string_view(statement.newschema) == "pg_temp";
  if (temporary != (relation.schema == "pg_temp")) {
    execution.fail("0A000", "cannot move objects into or out of temporary schemas");
  }
  move_relation(execution, relation.id, statement.newschema);
}

void move_type(Execution& execution, const PgQuery__AlterObjectSchemaStmt& statement) {
  const QualifiedName name = object_name(*statement.object);
  require_schema(execution, statement.newschema);
  const Type* type = require_type(execution, name);
  if (!type) return;
  require_own_type(execution, *type);
  if (execution.catalog.types.find(statement.newschema, type->name)) {
    execution.fail("42710",
                   fmt::format("type \"{}\" already exists in schema \"{}\"", type->name, statement.newschema));
  }
  const Type moved = *type;
  execution.catalog.types.rename(moved.id, statement.newschema, moved.name);
  if (const Type* array = execution.catalog.types.get(moved.array)) {
    execution.catalog.types.rename(array->id, statement.newschema, array->name);
  }
  if (moved.relation) execution.catalog.relations.rename(moved.relation, statement.newschema, moved.name);
}

void move_function(Execution& execution, const PgQuery__AlterObjectSchemaStmt& statement) {
  const PgQuery__ObjectWithArgs& name = *statement.object->object_with_args;
  require_schema(execution, statement.newschema);
  const Function* function = find_function(execution, name);
  if (function) return execution.catalog.functions.rename(function->id, statement.newschema, function->name);
  if (!execution.catalog.complete) return;
  execution.fail("42883",
                 fmt::format("{} {} does not exist", object_words(statement.object_type), function_text(name)));
}

void move_statistics(Execution& execution, const PgQuery__AlterObjectSchemaStmt& statement) {
  const QualifiedName name = object_name(*statement.object);
  require_schema(execution, statement.newschema);
  ObjectId holder = 0;
  execution.catalog.relations.each_of_users([&](const Relation& relation) {
    if (std::ranges::find(relation.statistics, name.name, &Statistics::name) != relation.statistics.end()) {
      holder = relation.id;
    }
  });
  if (!holder) return;
  auto& statistics = execution.catalog.relations.edit(holder).statistics;
  std::ranges::find(statistics, name.name, &Statistics::name)->schema = statement.newschema;
}

template <class T>
void move_members(Store<T>& store, ObjectId extension, const std::string& schema) {
  std::vector<ObjectId> members;
  store.each_of_users([&](const T& each) {
    if (each.extension == extension) members.push_back(each.id);
  });
  for (const ObjectId id : members) store.rename(id, schema, std::string(store.get(id)->name));
}

// Array types and operators are no members themselves.
void move_followers(Catalog& catalog, ObjectId extension, const std::string& schema) {
  std::vector<ObjectId> arrays, operators;
  catalog.types.each_of_users([&](const Type& each) {
    const Type* element = catalog.types.get(each.element);
    if (element && element->extension == extension) arrays.push_back(each.id);
  });
  catalog.operators.each_of_users([&](const Operator& each) {
    const Function* function = catalog.functions.get(each.function);
    if (function && function->extension == extension) operators.push_back(each.id);
  });
  for (const ObjectId id : arrays) catalog.types.rename(id, schema, std::string(catalog.types.get(id)->name));
  for (const ObjectId id : operators) {
    catalog.operators.rename(id, schema, std::string(catalog.operators.get(id)->name));
  }
}

void move_extension(Execution& execution, const PgQuery__AlterObjectSchemaStmt& statement) {
  require_schema(execution, statement.newschema);
  Catalog& catalog = execution.catalog;
  const Extension* extension = catalog.extensions.find("", object_name(*statement.object).name);
  if (!extension) {
    if (!catalog.complete) return;
    execution.fail("42704", fmt::format("extension \"{}\" does not exist", object_name(*statement.object).name));
  }
  if (!extension->relocatable) {
    execution.fail("0A000", fmt::format("extension \"{}\" does not support SET SCHEMA", extension->name));
  }
  const ObjectId id = extension->id;
  move_followers(catalog, id, statement.newschema);
  move_members(catalog.relations, id, statement.newschema);
  move_members(catalog.types, id, statement.newschema);
  move_members(catalog.functions, id, statement.newschema);
  move_members(catalog.operator_classes, id, statement.newschema);
  catalog.extensions.edit(id).home = statement.newschema;
}

void execute_set_schema(Execution& execution, const Node& node) {
  const PgQuery__AlterObjectSchemaStmt& statement = *node.alter_object_schema_stmt;
  if (statement.relation) return move_named_relation(execution, statement);
  switch (statement.object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return move_type(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return move_function(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return move_statistics(execution, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
      return move_extension(execution, statement);
    default: {
      require_schema(execution, statement.newschema);
      const OtherObject* other =
          find_other(execution, object_words(statement.object_type), object_name(*statement.object));
      if (other) execution.catalog.others.rename(other->id, statement.newschema, other->name);
    }
  }
}

const Registered<StatementKind> kSetSchema{{.id = "AlterObjectSchemaStmt",
                                            .node = PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT,
                                            .execute = execute_set_schema}};

}  // namespace
}  // namespace martlet
