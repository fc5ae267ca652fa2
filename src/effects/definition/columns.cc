// ColumnDef → Column.
#include <fmt/format.h>

#include "effects/coercion.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"

namespace martlet {
namespace {

std::string quoted_identifier(const std::string& name) {
  return QualifiedName{.schema = "", .name = name}.text();
}

std::string next_value_of(const Relation& sequence) {
  const std::string name = quoted_identifier(sequence.schema) + "." + quoted_identifier(sequence.name);
  return fmt::format("nextval({}::regclass)", quote_literal(name, Dialect::postgres));
}

void set_default(Execution& execution, Column& column, const PgQuery__Constraint& constraint, const Relation& table) {
  if (!column.default_sql.empty()) {
    execution.fail("42601", fmt::format("multiple default values specified for column \"{}\" of table \"{}\"",
                                        column.name, table.name));
  }
  if (!constraint.raw_expr) return;
  const Node& expression = *constraint.raw_expr;
  const ExpressionFacts facts = expression_facts(execution, expression, nullptr);
  if (is_no_default(execution.catalog, column.type, facts)) return;
  require_default(execution, column, facts);
  column.default_sql = deparse_expression(expression);
  column.default_volatility = facts.volatility;
}

void set_generated(Execution& execution, Column& column, const PgQuery__Constraint& constraint, const Relation& table) {
  column.generated = true;
  column.default_sql = deparse_expression(*constraint.raw_expr);
  // A new table has not got all its columns yet.
  if (!execution.catalog.relations.get(table.id)) return;
  require_immutable_generation(execution, constraint, table);
}

void require_integer(const Execution& execution, const Column& column) {
  const Type* type = execution.catalog.types.get(column.type.type);
  if (!type ||
      (type->schema == "pg_catalog" && (type->name == "int2" || type->name == "int4" || type->name == "int8"))) {
    return;
  }
  execution.fail("22023", "identity column type must be smallint, integer, or bigint");
}

void set_identity(Execution& execution, Column& column, const PgQuery__Constraint& constraint) {
  require_integer(execution, column);
  const bool always = std::string_view(constraint.generated_when) == "a";
  column.identity = always ? Column::Identity::always : Column::Identity::by_default;
  column.not_null = true;
}

void set_compression(const Execution& execution, Column& column, const std::string& method) {
  if (method.empty() || method == "default") return;
  if (column.storage == 'p' && column.type.type) {
    execution.fail("0A000", fmt::format("column data type {} does not support compression",
                                        type_text(execution.catalog, {.type = column.type.type})));
  }
  if (method != "pglz" && method != "lz4") {
    execution.fail("22023", fmt::format("invalid compression method \"{}\"", method));
  }
  column.compression = method[0];
}

// Of each column only one thing may be said of these.
void require_one_meaning(const Execution& execution, const Column& column, const PgQuery__ColumnDef& definition,
                         const Relation& table) {
  bool null = false;
  for (const Node* each : list(definition.n_constraints, definition.constraints)) {
    null |= each->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
            each->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL;
  }
  const auto refuse = [&](std::string_view what) {
    execution.fail("42601", fmt::format("{} for column \"{}\" of table \"{}\"", what, column.name, table.name));
  };
  const bool identity = column.identity != Column::Identity::none;
  if (null && column.not_null) refuse("conflicting NULL/NOT NULL declarations");
  if (identity && !column.default_sql.empty()) refuse("both default and identity specified");
}

void apply_constraint(Execution& execution, Column& column, const PgQuery__Constraint& constraint,
                      const Relation& table) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      column.not_null = true;
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      set_default(execution, column, constraint, table);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      set_generated(execution, column, constraint, table);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      set_identity(execution, column, constraint);
      break;
    default:
      break;
  }
}

}  // namespace

char type_storage(const Type* type) {
  return type ? type->storage : 'p';
}

void require_immutable_generation(Execution& execution, const PgQuery__Constraint& generated, const Relation& table) {
  const Volatility volatility = expression_facts(execution, *generated.raw_expr, &table).declared_volatility;
  if (volatility == Volatility::stable || volatility == Volatility::volatile_) {
    execution.fail("42P17", "generation expression is not immutable");
  }
}

int column_number(Execution& execution, ObjectId table, std::string_view name) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (const Column* found = relation.column(name)) return found->number;
  if (!relation.columns_unknown) {
    execution.fail("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", name, relation.name));
  }
  Column assumed{.number = next_column_number(relation), .name = std::string(name), .assumed = true};
  const int number = assumed.number;
  execution.catalog.relations.edit(table).columns.push_back(std::move(assumed));
  return number;
}

int next_column_number(const Relation& table) {
  return table.columns.empty() ? 1 : table.columns.back().number + 1;
}

ObjectId make_owned_sequence(Execution& execution, const Relation& table, const Column& column) {
  Relation sequence{.id = execution.catalog.next_id(),
                    .schema = table.schema,
                    .name = choose_name(execution.catalog, table.schema, table.name, column.name, "seq"),
                    .kind = RelationKind::sequence,
                    .persistence = table.persistence,
                    .owner = table.owner};
  sequence.owned_by = {table.id, column.number};
  const ObjectId id = sequence.id;
  execution.catalog.add_relation(std::move(sequence));
  return id;
}

Column make_column(Execution& execution, const PgQuery__ColumnDef& definition, const Relation& table) {
  Column column{.number = next_column_number(table), .name = definition.colname};
  if (definition.type_name) column.type = resolve_type(execution, *definition.type_name);
  column.collation = resolve_collation(execution, column.type, definition.coll_clause);
  column.not_null = definition.is_not_null;
  column.storage = type_storage(execution.catalog.types.get(column.type.type));
  set_compression(execution, column, definition.compression);
  const bool serial = definition.type_name && is_serial(*definition.type_name);
  if (serial) {
    column.owned_sequence = make_owned_sequence(execution, table, column);
    column.not_null = true;
    column.default_sql = next_value_of(*execution.catalog.relations.get(column.owned_sequence));
    column.default_volatility = Volatility::volatile_;
  }
  for (const Node* each : list(definition.n_constraints, definition.constraints)) {
    if (each->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
      apply_constraint(execution, column, *each->constraint, table);
    }
  }
  require_one_meaning(execution, column, definition, table);
  if (column.identity != Column::Identity::none) {
    column.owned_sequence = make_owned_sequence(execution, table, column);
  }
  return column;
}

}  // namespace martlet
