#include "rebuild/table_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/statement.h"

namespace martlet {
TableText::TableText(std::string sql) : sql_(std::move(sql)) {
  parse();
}

void TableText::parse() {
  columns_.clear();
  constraints_.clear();
  TokenList tokens(sql_);
  tokens.accept("create");
  if (!tokens.accept("table")) throw tokens.not_understood();  // a virtual table
  const Token& name = tokens.name();
  name_begin_ = name.offset;
  name_end_ = tokens.end();
  if (!tokens.accept('(')) throw tokens.not_understood();
  while (!tokens.peek().is(')')) {
    read_element(tokens);
    elements_end_ = tokens.end();
    tokens.accept(',');  // between constraints SQLite does not ask for one
  }
}

void TableText::read_element(TokenList& tokens) {
  if (begins_table_clause(tokens)) {
    constraints_.push_back(read_table_clause(tokens));
  } else if (constraints_.empty()) {
    read_column(tokens);
  } else {
    throw tokens.not_understood();
  }
}

void TableText::read_column(TokenList& tokens) {
  Column column;
  column.begin = tokens.peek().offset;
  column.name = plain_name(tokens.name());
  column.name_end = tokens.end();
  const auto at_end = [&] { return tokens.peek().is(',') || tokens.peek().is(')') || tokens.at_end(); };
  while (!at_end() && !begins_clause(tokens)) {
    if (tokens.peek().is('(')) {
      tokens.parentheses();  // numeric(10, 2)
    } else {
      tokens.name();
    }
  }
  column.type_end = tokens.end();
  while (!at_end()) column.clauses.push_back(read_column_clause(tokens));
  column.end = tokens.end();
  columns_.push_back(std::move(column));
}

const TableText::Column* TableText::find_column(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name, &Column::name);
  return found == columns_.end() ? nullptr : &*found;
}

const TableText::Column& TableText::column(std::string_view name) const {
  if (const Column* found = find_column(name)) return *found;
  throw Error(ErrorKind::internal, fmt::format("no column {} in {}", name, sql_));
}

std::vector<std::string> TableText::constraint_names() const {
  std::vector<std::string> names;
  const auto collect = [&](const Clause& clause) {
    if (!clause.name.empty()) names.push_back(clause.name);
  };
  for (const Column& each : columns_) std::ranges::for_each(each.clauses, collect);
  std::ranges::for_each(constraints_, collect);
  return names;
}

bool TableText::has_constraint(std::string_view name) const {
  const std::vector<std::string> names = constraint_names();
  return std::ranges::find(names, name) != names.end();
}

void TableText::replace(std::size_t begin, std::size_t end, std::string_view text) {
  sql_.replace(begin, end - begin, text);
  parse();
}

void TableText::rename(std::string_view name) {
  replace(name_begin_, name_end_, quote_identifier(name));
}

void TableText::set_type(std::string_view name, std::string_view type) {
  const Column& changed = column(name);
  replace(changed.name_end, changed.type_end, fmt::format(" {}", type));
}

void TableText::set_not_null(std::string_view name) {
  remove_clauses(name, Clause::Kind::null);
  const Column& changed = column(name);
  if (std::ranges::find(changed.clauses, Clause::Kind::not_null, &Clause::kind) != changed.clauses.end()) return;
  replace(changed.type_end, changed.type_end, " NOT NULL");
}

void TableText::drop_not_null(std::string_view name) {
  remove_clauses(name, Clause::Kind::not_null);
}

void TableText::set_default(std::string_view name, std::string_view value) {
  drop_default(name);
  const std::size_t place = column(name).type_end;
  replace(place, place, fmt::format(" DEFAULT {}", value));
}

void TableText::drop_default(std::string_view name) {
  remove_clauses(name, Clause::Kind::default_value);
}

void TableText::add_column(std::string_view definition) {
  replace(columns_.back().end, columns_.back().end, fmt::format(", {}", definition));
}

void TableText::drop_column(std::string_view name) {
  const Column& dropped = column(name);
  remove_element(dropped.begin, dropped.end);
}

void TableText::add_constraint(std::string_view definition) {
  replace(elements_end_, elements_end_, fmt::format(", {}", definition));
}

void TableText::drop_constraint(std::string_view name) {
  const auto of_table = std::ranges::find(constraints_, name, &Clause::name);
  if (of_table != constraints_.end()) return remove_element(of_table->begin, of_table->end);
  for (const Column& each : columns_) {
    const auto found = std::ranges::find(each.clauses, name, &Clause::name);
    if (found == each.clauses.end()) continue;
    const bool blank = sql_[found->begin - 1] == ' ';
    return replace(found->begin - (blank ? 1 : 0), found->end, "");
  }
}

void TableText::remove_clauses(std::string_view name, Clause::Kind kind) {
  for (;;) {
    const Column& changed = column(name);
    const auto found = std::ranges::find(changed.clauses, kind, &Clause::kind);
    if (found == changed.clauses.end()) return;
    const bool blank = sql_[found->begin - 1] == ' ';
    replace(found->begin - (blank ? 1 : 0), found->end, "");
  }
}

// With the comma before it, or behind it where it is the first. Between constraints there may be none.
void TableText::remove_element(std::size_t begin, std::size_t end) {
  const TokenList tokens(sql_);
  std::size_t first = 0;
  while (tokens.begin(first) < begin) ++first;
  std::size_t behind = first;
  while (tokens.begin(behind) < end) ++behind;
  const auto is_comma = [&](std::size_t token) { return sql_[tokens.begin(token)] == ','; };
  if (is_comma(first - 1)) return replace(tokens.begin(first - 1), end, "");
  if (is_comma(behind)) return replace(begin, tokens.begin(behind + 1), "");
  replace(sql_.find_last_not_of(" \t\n", begin - 1) + 1, end, "");
}

}  // namespace martlet
