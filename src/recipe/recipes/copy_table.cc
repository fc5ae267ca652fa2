// CREATE TABLE … AS SELECT * leaves keys, defaults, constraints and indexes behind, and reads everything in one
// snapshot.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/coercion.h"
#include "recipe/build.h"

namespace martlet {
namespace {

bool is_integer(ObjectId type) {
  return type == type_id::int2 || type == type_id::int4 || type == type_id::int8;
}

// The one column of the primary key, where it is a whole number; nullptr otherwise.
const Column* counting_key(const Relation& table) {
  for (const Constraint& each : table.constraints) {
    if (each.kind != Constraint::Kind::primary_key || each.columns.size() != 1) continue;
    const Column* column = table.column(each.columns.front());
    if (column && is_integer(column->type.type)) return column;
  }
  return nullptr;
}

// One batch: the rows behind the highest key that is there.
std::string by_hand(const std::string& copy, const std::string& source, const Column& key) {
  const std::string_view lowest = key.type.type == type_id::int8   ? "-9223372036854775808"
                                  : key.type.type == type_id::int4 ? "-2147483648"
                                                                   : "-32768";
  return fmt::format(
      "INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT * FROM {1} WHERE {2} > coalesce((SELECT max({2}) FROM {0}), {3}) "
      "ORDER BY {2} LIMIT 10000",
      copy, source, quote_where_needed(key.name), lowest);
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT || !operation.table) return {};
  const Relation& source = *operation.table;
  const Column* key = counting_key(source);
  if (!key || std::ranges::any_of(source.columns, &Column::generated)) return {};
  const std::string copy = qualified_name(*operation.node.create_table_as_stmt->into->rel).text();
  const std::string name = name_in(operation, source);
  const std::string column = quote_where_needed(key->name);
  const BatchChange change{.kind = BatchChange::Kind::insert,
                           .table = QualifiedName{source.schema, source.name}.text(),
                           .key = {{column, type_text(operation.catalog, key->type)}},
                           .target = fmt::format("INSERT INTO {} OVERRIDING SYSTEM VALUE", copy),
                           .values = "*",
                           .rows = source.tuples,
                           .pages = source.pages};
  return {
      step(fmt::format("CREATE TABLE {} (LIKE {} INCLUDING ALL)", copy, name),
           "foreign keys and triggers are not taken"),
      {.sql = by_hand(copy, name, *key),
       .note = "rows that change behind the key are not followed: that takes triggers set up before the first batch",
       .batch = change},
  };
}

const Registered<Recipe> kRecipe{{
    .id = "copy-table",
    .summary = "make the table like the other one, then copy by key, a batch at a time",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
