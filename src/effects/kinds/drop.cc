// DROP of everything (dropcmds.c; tablecmds.c, RemoveRelations).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition/deletion.h"
#include "effects/definition/drop_operator.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

struct RelationWords {
  PgQuery__ObjectType type;
  RelationKind kind, also;
  std::string_view words, with_article;
};

constexpr std::array<RelationWords, 6> kRelations{{
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, RelationKind::table, RelationKind::partitioned_table, "table", "a table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, RelationKind::index, RelationKind::partitioned_index, "index", "an index"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, RelationKind::sequence, RelationKind::sequence, "sequence", "a sequence"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, RelationKind::view, RelationKind::view, "view", "a view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, RelationKind::materialized_view, RelationKind::materialized_view,
     "materialized view", "a materialized view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, RelationKind::foreign_table, RelationKind::foreign_table,
     "foreign table", "a foreign table"},
}};

const RelationWords* relation_words(PgQuery__ObjectType type) {
  const auto at = std::ranges::find(kRelations, type, &RelationWords::type);
  return at == kRelations.end() ? nullptr : &*at;
}

DropBehavior behavior_of(const PgQuery__DropStmt& statement) {
  return statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DropBehavior::cascade : DropBehavior::restrict;
}

// An index that a constraint or a partitioned index needs goes only with that one.
void require_free_index(const Execution& execution, const Relation& index) {
  if (!index.index) return;
  const Relation* table = execution.catalog.relations.get(index.index->table);
  if (const Relation* parent = execution.catalog.relations.get(index.index->parent)) {
    execution.fail("2BP01", fmt::format("cannot drop index {} because index {} requires it", index.name, parent->name));
  }
  if (!index.index->constraint || !table) return;
  const auto at = std::ranges::find(table->constraints, index.index->constraint, &Constraint::id);
  if (at == table->constraints.end()) return;
  execution.fail("2BP01", fmt::format("cannot drop index {} because constraint {} on table {} requires it", index.name,
                                      at->name, table->name));
}

void drop_index_concurrently(Execution& execution, const PgQuery__DropStmt& statement, const Relation& index) {
  if (statement.n_objects > 1) {
    execution.fail("0A000", "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
  }
  if (behavior_of(statement) == DropBehavior::cascade) {
    execution.fail("0A000", "DROP INDEX CONCURRENTLY does not support CASCADE");
  }
  if (index.kind == RelationKind::partitioned_index) {
    execution.fail("0A000", fmt::format("cannot drop partitioned index \"{}\" concurrently", index.name));
  }
  require_free_index(execution, index);
  execution.lock(index.id, LockMode::share_update_exclusive);
  if (index.index) execution.lock(index.index->table, LockMode::share_update_exclusive);
  execution.catalog.drop_relation(index.id);
}

// The partitions of its table before their indexes, though it may have none of those.
void lock_below(Execution& execution, const Relation& relation) {
  if (relation.kind == RelationKind::partitioned_index && relation.index) {
    lock_descendants(execution, relation.index->table, LockMode::access_exclusive);
  }
}

void drop_relations(Execution& execution, const PgQuery__DropStmt& statement, const RelationWords& words) {
  if (statement.concurrent) execution.refuse_in_transaction("DROP INDEX CONCURRENTLY");
  std::vector<ObjectId> found;
  for (const Node* each : list(statement.n_objects, statement.objects)) {
    const QualifiedName name = object_name(*each);
    const Relation* relation = execution.find_relation(name);
    if (!relation && execution.catalog.complete) {
      if (statement.missing_ok) continue;
      if (!name.schema.empty()) require_schema(execution, name.schema);
      execution.fail(words.kind == RelationKind::index ? "42704" : "42P01",
                     fmt::format("{} \"{}\" does not exist", words.words, name.name));
    }
    if (!relation) relation = &execution.relation(name, words.kind);
    const bool right_kind = relation->kind == words.kind || relation->kind == words.also;
    if (!right_kind && !relation->assumed) {
      execution.fail("42809", fmt::format("\"{}\" is not {}", name.name, words.with_article));
    }
    require_no_catalog(execution, *relation);
    if (statement.concurrent) return drop_index_concurrently(execution, statement, *relation);
    require_free_index(execution, *relation);
    lock_below(execution, *relation);
    found.push_back(relation->id);
  }
  drop_with_dependents(execution, found, behavior_of(statement));
}

[[noreturn]] void fail_missing(const Execution& execution, PgQuery__ObjectType type, const Node& object) {
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA) {
    execution.fail("3F000", fmt::format("schema \"{}\" does not exist", object_name(object).name));
  }
  if (object.node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS) {
    const PgQuery__ObjectWithArgs& function = *object.object_with_args;
    if (function.args_unspecified) {
      execution.fail("42883",
                     fmt::format("could not find a {} named \"{}\"", object_words(type), object_name(object).name));
    }
    execution.fail("42883", fmt::format("{} {} does not exist", object_words(type), function_text(function)));
  }
  const bool is_type = object.node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
  execution.fail("42704", fmt::format("{} \"{}\" does not exist", is_type ? "type" : object_words(type),
                                      object_name(object).name));
}

std::optional<Doomed> find_type_to_drop(const Execution& execution, const Node& object) {
  const Type* type = find_type(execution, *object.type_name);
  if (!type) return std::nullopt;
  const Relation* relation = execution.catalog.relations.get(type->relation);
  if (relation && relation->kind != RelationKind::composite_type) {
    execution.fail("2BP01",
                   fmt::format("cannot drop type {} because table {} requires it", type->name, relation->name));
  }
  if (type->element) {
    const Type& element = *execution.catalog.types.get(type->element);
    execution.fail("2BP01",
                   fmt::format("cannot drop type {}[] because type {} requires it", element.name, element.name));
  }
  return Doomed{Doomed::Kind::type, type->id, 0};
}

// A part of a relation: its name comes last, the relation's before.
template <class Part>
ObjectId id_of(const std::vector<Part>& parts, std::string_view name) {
  const auto at = std::ranges::find(parts, name, &Part::name);
  return at == parts.end() ? 0 : at->id;
}

void require_own_trigger(const Execution& execution, const Relation& table, std::string_view name) {
  const auto at = std::ranges::find(table.triggers, name, &Trigger::name);
  if (at == table.triggers.end() || !at->parent) return;
  execution.fail("2BP01",
                 fmt::format("cannot drop trigger {} on table {} because trigger {} on table {} requires it", name,
                             table.name, name, execution.catalog.relations.get(table.partition.parent)->name));
}

void drop_part(Execution& execution, const PgQuery__DropStmt& statement, const Node& object) {
  const auto count = object.list->n_items;
  const std::string name(string_value(object.list->items[count - 1]));
  const QualifiedName table_name = qualified_name(count - 1, object.list->items);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(table_name)) return;
  const ObjectId table = execution.relation(table_name).id;
  execution.lock(table, LockMode::access_exclusive);
  const Relation& relation = *execution.catalog.relations.get(table);
  Doomed doomed{.kind = Doomed::Kind::trigger, .id = table, .part = id_of(relation.triggers, name)};
  std::string_view words = "trigger";
  if (statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY) {
    doomed.kind = Doomed::Kind::policy, doomed.part = id_of(relation.policies, name), words = "policy";
  } else if (statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_RULE) {
    doomed.kind = Doomed::Kind::rule, doomed.part = id_of(relation.rules, name), words = "rule";
  }
  if (!doomed.part) {
    if (relation.assumed || statement.missing_ok) return;
    const std::string_view link = words == "rule" ? "relation" : "table";
    execution.fail("42704", fmt::format("{} \"{}\" for {} \"{}\" does not exist", words, name, link, relation.name));
  }
  if (doomed.kind == Doomed::Kind::trigger) require_own_trigger(execution, relation, name);
  Deletion deletion(execution, behavior_of(statement));
  deletion.add(doomed);
  deletion.run();
}

// Statistics are a part of their table.
std::optional<Doomed> find_doomed_statistics(const Execution& execution, const QualifiedName& name) {
  const Relation* table = find_statistics(execution, name);
  if (!table) return std::nullopt;
  return Doomed{Doomed::Kind::statistics, table->id, id_of(table->statistics, name.name)};
}

std::optional<Doomed> find_object(Execution& execution, PgQuery__ObjectType type, const Node& object) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return find_type_to_drop(execution, object);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: {
      const Function* function = find_function(execution, *object.object_with_args);
      return function ? std::optional<Doomed>({Doomed::Kind::function, function->id, 0}) : std::nullopt;
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: {
      const Schema* schema = execution.catalog.schemas.find("", object_name(object).name);
      return schema ? std::optional<Doomed>({Doomed::Kind::schema, schema->id, 0}) : std::nullopt;
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return find_doomed_statistics(execution, object_name(object));
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: {
      const Extension* extension = execution.catalog.extensions.find("", object_name(object).name);
      return extension ? std::optional<Doomed>({Doomed::Kind::extension, extension->id, 0}) : std::nullopt;
    }
    default: {
      const OtherObject* other = find_other(execution, object_words(type), object_name(object));
      return other ? std::optional<Doomed>({Doomed::Kind::other, other->id, 0}) : std::nullopt;
    }
  }
}

void drop_cast(Execution& execution, const PgQuery__DropStmt& statement) {
  for (const Node* each : list(statement.n_objects, statement.objects)) {
    const ObjectId source = resolve_type(execution, *each->list->items[0]->type_name).type;
    const ObjectId target = resolve_type(execution, *each->list->items[1]->type_name).type;
    execution.catalog.remove_cast(source, target);
  }
}

void drop_objects(Execution& execution, const PgQuery__DropStmt& statement) {
  Deletion deletion(execution, behavior_of(statement));
  for (const Node* each : list(statement.n_objects, statement.objects)) {
    if (const std::optional<Doomed> object = find_object(execution, statement.remove_type, *each)) {
      deletion.add(*object);
      continue;
    }
    if (statement.missing_ok || !execution.catalog.complete) continue;
    fail_missing(execution, statement.remove_type, *each);
  }
  deletion.run();
}

void execute_drop(Execution& execution, const Node& node) {
  const PgQuery__DropStmt& statement = *node.drop_stmt;
  if (const RelationWords* words = relation_words(statement.remove_type)) {
    return drop_relations(execution, statement, *words);
  }
  switch (statement.remove_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      for (const Node* each : list(statement.n_objects, statement.objects)) drop_part(execution, statement, *each);
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
      for (const Node* each : list(statement.n_objects, statement.objects)) {
        drop_operator(execution, *each->object_with_args, statement.missing_ok != 0);
      }
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST:
      return drop_cast(execution, statement);
    default:
      if (is_known_by_name(statement.remove_type)) return drop_objects(execution, statement);
      if (behavior_of(statement) == DropBehavior::cascade)
        execution.not_known("what depends on it is not in the model");
  }
}

const Registered<StatementKind> kDrop{
    {.id = "DropStmt", .node = PG_QUERY__NODE__NODE_DROP_STMT, .execute = execute_drop}};

}  // namespace
}  // namespace martlet
