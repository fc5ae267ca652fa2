#include "recipe/definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::string qualified(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return quote_where_needed(name);
  return QualifiedName{name.substr(0, dot), name.substr(dot + 1)}.text();
}

std::string key_sql(const IndexKey& key, const Relation& table, const IndexCopy& copy) {
  std::string sql;
  if (key.column == 0) {
    sql = "(" + key.expression + ")";
  } else if (key.column == copy.column) {
    sql = copy.instead;
  } else {
    const Column* column = table.column(key.column);
    if (!column) return "";
    sql = quote_where_needed(column->name);
  }
  if (!key.collation.empty()) sql += collate_clause(key.collation);
  if (!key.opclass.empty()) sql += " " + qualified(key.opclass);
  if (key.descending) sql += " DESC";
  if (key.nulls_first != key.descending) sql += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return sql;
}

bool reads_in_text(const IndexDefinition& index, int column) {
  const bool is_text =
      !index.predicate.empty() || std::ranges::any_of(index.keys, [](const IndexKey& key) { return key.column == 0; });
  return column != 0 && is_text && std::ranges::count(index.reads, column) > 0;
}

std::string index_sql(const Operation& operation, const Relation& index, const Relation& table, const IndexCopy& copy,
                      Build build) {
  const IndexDefinition& facts = *index.index;
  if (facts.exclusion || !index.tablespace.empty() || reads_in_text(facts, copy.column)) return "";
  std::vector<std::string> keys, included;
  for (const IndexKey& key : facts.keys) {
    keys.push_back(key_sql(key, table, copy));
    if (keys.back().empty()) return "";
  }
  for (const int number : facts.included) {
    const Column* column = table.column(number);
    if (!column) return "";
    included.push_back(number == copy.column ? copy.instead : quote_where_needed(column->name));
  }
  std::string sql = fmt::format("CREATE {}INDEX {}{} ON {} USING {} ({})", facts.unique ? "UNIQUE " : "",
                                build == Build::concurrently ? "CONCURRENTLY " : "", quote_where_needed(copy.name),
                                name_in(operation, table), facts.method, join(keys, ", "));
  if (!included.empty()) sql += fmt::format(" INCLUDE ({})", join(included, ", "));
  if (facts.nulls_not_distinct) sql += " NULLS NOT DISTINCT";
  if (!index.options.empty()) sql += fmt::format(" WITH ({})", join(index.options, ", "));
  if (!facts.predicate.empty()) sql += " WHERE " + facts.predicate;
  return sql;
}

std::string_view action(char code) {
  switch (code) {
    case 'r':
      return "RESTRICT";
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    default:
      return "";
  }
}

}  // namespace

std::string create_index_sql(const Operation& operation, const Relation& index, const Relation& table, Build build) {
  return index_sql(operation, index, table, {.name = index.name}, build);
}

std::string create_index_copy(const Operation& operation, const Relation& index, const Relation& table,
                              const IndexCopy& copy) {
  return index_sql(operation, index, table, copy, Build::concurrently);
}

std::string foreign_key_sql(const Operation& operation, const Relation& table, const Constraint& key) {
  const Relation* target = operation.catalog.relations.get(key.target);
  if (!target) return "";
  std::string sql = fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})", column_list(table, key.columns),
                                name_in(operation, *target), column_list(*target, key.target_columns));
  if (key.match == 'f') sql += " MATCH FULL";
  if (!action(key.on_update).empty()) sql += fmt::format(" ON UPDATE {}", action(key.on_update));
  if (!action(key.on_delete).empty()) sql += fmt::format(" ON DELETE {}", action(key.on_delete));
  if (key.deferrable) sql += key.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
  return sql;
}

std::string collate_clause(const std::string& collation) {
  return collation.empty() ? "" : " COLLATE " + qualified(collation);
}

}  // namespace martlet
