// ADD COLUMN … NOT NULL without a default fails on a table with rows, and old INSERTs leave the column out. With a
// constant default it is metadata only (PostgreSQL 11+), old rows and old INSERTs get that value, and the default goes
// when all code writes the column.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

// A value of the type, to be replaced by one that means something; "" where there is no obvious one.
std::string_view neutral_value(const Type& type) {
  if (type.kind != Type::Kind::base) return "";
  if (type.element) return "'{}'";
  switch (type.category) {
    case 'N':
      return type.name == "money" || type.name.starts_with("reg") ? "" : "0";
    case 'S':
      return "''";
    case 'B':
      return "false";
    case 'D':
      return type.name == "time" || type.name == "timetz" ? "'00:00'" : "'1970-01-01'";
    case 'T':
      return "'0'";
    default:
      break;
  }
  if (type.name == "uuid") return "'00000000-0000-0000-0000-000000000000'";
  if (type.name == "json" || type.name == "jsonb") return "'{}'";
  if (type.name == "bytea") return "''";
  return "";
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.command || !operation.command->def) return {};
  const Node& definition = *operation.command->def;
  if (definition.node_case != PG_QUERY__NODE__NODE_COLUMN_DEF) return {};
  const std::string_view name = definition.column_def->colname;
  const Relation* after = table_after(operation);
  const Column* column = after ? after->column(name) : nullptr;
  const Type* type = column ? operation.catalog.types.get(column->type.type) : nullptr;
  std::string value(type ? neutral_value(*type) : "");
  if (type && type->kind == Type::Kind::enumeration && !type->labels.empty()) {
    value = quote_literal(type->labels.front(), Dialect::postgres);
  }
  if (value.empty()) return {};
  return {
      step(fmt::format("{} DEFAULT {}", alter_with(operation, *operation.command), value),
           "metadata only; put the value that the rows there are should have"),
      contract(alter_table(operation, *after, fmt::format("ALTER COLUMN {} DROP DEFAULT", quote_where_needed(name))),
               "when all code writes the column"),
  };
}

const Registered<Recipe> kRecipe{{
    .id = "add-column-not-null",
    .summary = "add it with a constant default, which old rows and old INSERTs get; drop the default later",
    .tier = Tier::expand_contract,
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
