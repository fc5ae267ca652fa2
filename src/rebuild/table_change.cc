#include "rebuild/table_change.h"

#include <fmt/format.h>

#include "rebuild/clause.h"

namespace martlet {
namespace {

using Kind = TableAction::Kind;

bool at_action_end(const TokenList& tokens) {
  return tokens.peek().is(',') || tokens.at_end();
}

// Everything up to the comma that ends the action, or up to `stop`.
std::string rest_of_action(TokenList& tokens, std::string_view stop = "") {
  const std::size_t begin = tokens.position();
  while (!at_action_end(tokens) && (stop.empty() || !tokens.peek().is(stop))) {
    if (tokens.peek().is('(')) {
      tokens.parentheses();
    } else {
      tokens.next();
    }
  }
  if (tokens.position() == begin) throw tokens.not_understood();
  return std::string(tokens.since(begin));
}

void name_of(TokenList& tokens, TableAction& action) {
  const Token& name = tokens.name();
  action.name = plain_name(name);
  action.shown = std::string(name.text);
}

// A column's default needs parentheses in SQLite, unless it is one literal.
std::string default_of(TokenList& tokens) {
  TokenList literal = tokens;
  const bool sign = literal.accept('-') || literal.accept('+');
  const Token& first = literal.next();
  const bool keyword = first.is("null") || first.is("true") || first.is("false") || first.is("current_timestamp") ||
                       first.is("current_date") || first.is("current_time");
  const bool constant = first.kind == Token::Kind::number || (!sign && (first.kind == Token::Kind::string || keyword));
  const bool alone = constant && at_action_end(literal);
  const bool enclosed = tokens.peek().is('(');
  std::string text = rest_of_action(tokens);
  return alone || (enclosed && text.ends_with(')')) ? text : fmt::format("({})", text);
}

void set_type(TokenList& tokens, TableAction& action) {
  action.kind = Kind::set_type;
  action.definition = rest_of_action(tokens, "using");
  if (tokens.accept("using")) action.value = rest_of_action(tokens);
}

void alter_column(TokenList& tokens, TableAction& action) {
  tokens.accept("column");
  name_of(tokens, action);
  if (tokens.accept("type")) return set_type(tokens, action);
  const bool set = tokens.accept("set");
  if (!set && !tokens.accept("drop")) throw tokens.not_understood();
  if (set && tokens.accept("data")) {
    if (!tokens.accept("type")) throw tokens.not_understood();
    return set_type(tokens, action);
  }
  if (tokens.accept("not")) {
    if (!tokens.accept("null")) throw tokens.not_understood();
    action.kind = set ? Kind::set_not_null : Kind::drop_not_null;
  } else if (tokens.accept("default")) {
    action.kind = set ? Kind::set_default : Kind::drop_default;
    if (set) action.definition = default_of(tokens);
  } else {
    throw tokens.not_understood();
  }
}

void add(TokenList& tokens, TableAction& action) {
  const std::size_t begin = tokens.position();
  if (begins_table_clause(tokens)) {
    action.kind = Kind::add_constraint;
    action.name = read_table_clause(tokens).name;
    action.shown = action.name;
    action.definition = std::string(tokens.since(begin));
    return;
  }
  action.kind = Kind::add_column;
  tokens.accept("column");
  if (tokens.peek().is("if")) {
    tokens.next(), tokens.next(), tokens.next();  // IF NOT EXISTS
    action.if_exists = true;
  }
  const std::size_t definition = tokens.position();
  name_of(tokens, action);
  if (!at_action_end(tokens)) rest_of_action(tokens);
  action.definition = std::string(tokens.since(definition));
}

void drop(TokenList& tokens, TableAction& action) {
  action.kind = tokens.accept("constraint") ? Kind::drop_constraint : Kind::drop_column;
  if (action.kind == Kind::drop_column) tokens.accept("column");
  if (tokens.accept("if")) action.if_exists = tokens.accept("exists");
  name_of(tokens, action);
  if (!tokens.accept("restrict")) tokens.accept("cascade");
}

TableAction read_action(TokenList& tokens) {
  TableAction action;
  if (tokens.accept("alter")) {
    alter_column(tokens, action);
  } else if (tokens.accept("add")) {
    add(tokens, action);
  } else if (tokens.accept("drop")) {
    drop(tokens, action);
  } else {
    throw tokens.not_understood();
  }
  if (!at_action_end(tokens)) throw tokens.not_understood();
  return action;
}

bool sqlite_does_it(const TableChange& change) {
  const Kind kind = change.actions.front().kind;
  return change.actions.size() == 1 && (kind == Kind::add_column || kind == Kind::drop_column);
}

TableChange read(TokenList& tokens) {
  TableChange change;
  if (tokens.peek().is("if") && tokens.peek(1).is("exists")) {
    tokens.next(), tokens.next();
    change.if_exists = true;
  }
  tokens.accept("only");
  if (tokens.peek(1).is('.')) {
    if (!tokens.accept("main")) throw tokens.not_understood();
    tokens.accept('.');
  }
  const Token& name = tokens.name();
  change.table = plain_name(name);
  change.shown = std::string(name.text);
  do {
    change.actions.push_back(read_action(tokens));
  } while (tokens.accept(','));
  return change;
}

}  // namespace

std::optional<TableChange> table_change(const Statement& statement, Dialect dialect) {
  if (dialect != Dialect::sqlite) return std::nullopt;
  Lexer words(statement.text, Dialect::sqlite);
  if (!words.accept({"alter", "table"})) return std::nullopt;
  try {
    TokenList tokens(statement.text);
    tokens.next(), tokens.next();
    TableChange change = read(tokens);
    if (sqlite_does_it(change)) return std::nullopt;
    return change;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace martlet
