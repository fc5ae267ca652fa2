#include "effects/definition/new_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/expression.h"

namespace martlet {
namespace {

Persistence persistence_of(const PgQuery__RangeVar& name) {
  if (std::string_view(name.relpersistence) == "t" || std::string_view(name.schemaname) == "pg_temp") {
    return Persistence::temporary;
  }
  return std::string_view(name.relpersistence) == "u" ? Persistence::unlogged : Persistence::permanent;
}

}  // namespace

std::optional<Relation> begin_relation(Execution& execution, const PgQuery__RangeVar& name, RelationKind kind,
                                       bool if_not_exists) {
  const QualifiedName wanted = qualified_name(name);
  std::string schema = execution.creation_schema(wanted);
  const Catalog& catalog = execution.catalog;
  if (catalog.complete && schema != "pg_temp" && !catalog.schemas.find("", schema)) {
    execution.fail("3F000", fmt::format("schema \"{}\" does not exist", schema));
  }
  if (catalog.relations.find(schema, wanted.name)) {
    if (if_not_exists) return std::nullopt;
    execution.fail("42P07", fmt::format("relation \"{}\" already exists", wanted.name));
  }
  Relation relation{.id = execution.catalog.next_id(),
                    .schema = std::move(schema),
                    .name = wanted.name,
                    .kind = kind,
                    .persistence = persistence_of(name),
                    .owner = execution.session.user,
                    .pages = 0};
  return relation;
}

void merge_column(const Execution& execution, const Relation& table, Column& column, Column written) {
  if (column.local && !column.inherited) {
    execution.fail("42701", fmt::format("column \"{}\" specified more than once", column.name));
  }
  if (written.type.type != 0 && column.type.type != 0 && !(written.type == column.type)) {
    execution.fail("42804", fmt::format("column \"{}\" has a type conflict", column.name));
  }
  column.not_null |= written.not_null;
  column.local = column.local || !table.partition.parent;
  if (!written.default_sql.empty()) {
    column.default_sql = std::move(written.default_sql);
    column.default_volatility = written.default_volatility;
    column.generated = written.generated;
  }
  if (written.owned_sequence) {
    column.owned_sequence = written.owned_sequence;
    column.identity = written.identity;
  }
}

void copy_type(Execution& execution, Relation& table, const PgQuery__TypeName& name) {
  const TypeUse use = resolve_type(execution, name);
  const Type* type = execution.catalog.types.get(use.type);
  table.of_type = use.type;
  table.columns_unknown = !type;
  if (table.columns_unknown) return;
  const Relation* composite = execution.catalog.relations.get(type->relation);
  if (!composite || composite->kind != RelationKind::composite_type) {
    execution.fail("42809", fmt::format("type {} is not a composite type", type->name));
  }
  const Relation& row = *execution.catalog.relations.get(type->relation);
  for (Column column : row.columns) {
    column.inherited = true;
    table.columns.push_back(std::move(column));
  }
}

void read_partition_key(Execution& execution, Relation& table, const PgQuery__PartitionSpec* specification) {
  if (!specification) return;
  table.partition.strategy = specification->strategy[0];
  if (table.partition.strategy == 'l' && specification->n_part_params > 1) {
    execution.fail("42P17", "cannot use \"list\" partition strategy with more than one column");
  }
  for (const Node* each : list(specification->n_part_params, specification->part_params)) {
    const PgQuery__PartitionElem& element = *each->partition_elem;
    if (element.expr) {
      table.partition.key_columns.push_back(0);
      table.partition.key_expressions.push_back(deparse_expression(*element.expr));
      continue;
    }
    const Column* column = table.column(element.name);
    if (!column) {
      if (table.columns_unknown) continue;
      execution.fail("42703", fmt::format("column \"{}\" named in partition key does not exist", element.name));
    }
    table.partition.key_columns.push_back(column->number);
  }
}

void check_generated_columns(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement) {
  for (const Node* each : list(statement.n_table_elts, statement.table_elts)) {
    if (each->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF) continue;
    for (const Node* node : list(each->column_def->n_constraints, each->column_def->constraints)) {
      if (node->constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED) continue;
      require_immutable_generation(execution, *node->constraint, *execution.catalog.relations.get(table));
    }
  }
}

}  // namespace martlet
