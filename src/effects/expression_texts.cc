#include "effects/expression_texts.h"

#include <algorithm>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/statement.h"

namespace martlet {
namespace {

std::string name_of(const Token& token) {
  if (token.kind == Token::Kind::word) return lower(token.text);
  if (token.kind == Token::Kind::quoted) return std::string(token.text.substr(1, token.text.size() - 2));
  return "";
}

// A name that is a column's: no function's, and no type's after a cast.
std::string with_column_renamed(const std::string& sql, const std::string& from, const std::string& to) {
  Lexer lexer(sql, Dialect::postgres);
  std::string text;
  std::size_t copied = 0;
  bool after_cast = false;
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    const bool is_name = !after_cast && name_of(token) == from && !lexer.peek().is('(');
    after_cast = token.is(':');
    if (!is_name) continue;
    text.append(sql, copied, token.offset - copied).append(QualifiedName{"", to}.text());
    copied = token.offset + token.text.size();
  }
  return text.append(sql, copied, std::string::npos);
}

// A relation's name in a subquery: after FROM, JOIN or its schema, or before a column.
std::string with_relation_renamed(const std::string& sql, const std::string& from, const std::string& to) {
  Lexer lexer(sql, Dialect::postgres);
  std::string text;
  std::size_t copied = 0;
  Token before;
  for (Token token = lexer.next(); token.kind != Token::Kind::end; before = token, token = lexer.next()) {
    const bool stands_there = before.is("from") || before.is("join") || before.is('.') || lexer.peek().is('.');
    if (name_of(token) != from || !stands_there) continue;
    text.append(sql, copied, token.offset - copied).append(QualifiedName{"", to}.text());
    copied = token.offset + token.text.size();
  }
  return text.append(sql, copied, std::string::npos);
}

template <class Change>
void change_expressions(Execution& execution, ObjectId id, const Change& change) {
  bool differs = false;
  each_expression(*execution.catalog.relations.get(id), [&](const std::string& sql) { differs |= change(sql) != sql; });
  if (!differs) return;
  each_expression(execution.catalog.relations.edit(id), [&](std::string& sql) { sql = change(sql); });
}

std::string replaced(std::string sql, const std::string& from, const std::string& to) {
  for (std::size_t at = sql.find(from); at != std::string::npos; at = sql.find(from, at + to.size())) {
    sql.replace(at, from.size(), to);
  }
  return sql;
}

}  // namespace

void rename_column_in_expressions(Execution& execution, ObjectId table, const std::string& from,
                                  const std::string& to) {
  const auto change = [&](const std::string& sql) { return with_column_renamed(sql, from, to); };
  const std::vector<ObjectId> indexes = execution.catalog.relations.get(table)->indexes;
  change_expressions(execution, table, change);
  for (const ObjectId index : indexes) change_expressions(execution, index, change);
}

void rename_relation_in_policies(Execution& execution, ObjectId relation, const std::string& from,
                                 const std::string& to) {
  std::vector<ObjectId> readers;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    const bool reads = std::ranges::any_of(each.policies, [&](const Policy& policy) {
      return std::ranges::count(policy.uses, relation, &ColumnUse::relation) > 0;
    });
    if (reads) readers.push_back(each.id);
  });
  const auto change = [&](const std::string& sql) { return with_relation_renamed(sql, from, to); };
  for (const ObjectId reader : readers) change_expressions(execution, reader, change);
}

void rename_label_in_expressions(Execution& execution, const Type& type, const std::string& from,
                                 const std::string& to) {
  const std::string before = quote_literal(from, Dialect::postgres) + "::";
  const std::string after = quote_literal(to, Dialect::postgres) + "::";
  const std::string full_name = QualifiedName{type.schema, type.name}.text();
  const auto change = [&](const std::string& sql) {
    const std::string changed = replaced(sql, before + type.name, after + type.name);
    return replaced(changed, before + full_name, after + full_name);
  };
  std::vector<ObjectId> relations;
  execution.catalog.relations.each_of_users([&](const Relation& each) { relations.push_back(each.id); });
  for (const ObjectId id : relations) change_expressions(execution, id, change);
}

}  // namespace martlet
