#include "rebuild/clause.h"

namespace martlet {
namespace {

using Kind = Clause::Kind;

// ON CONFLICT is not a reference's ON DELETE.
void conflict(TokenList& tokens) {
  if (!tokens.peek().is("on") || !tokens.peek(1).is("conflict")) return;
  tokens.next();
  tokens.next();
  tokens.name();
}

void action(TokenList& tokens) {
  if (tokens.accept("set") || tokens.accept("no")) {
    tokens.name();  // NULL, DEFAULT; ACTION
  } else {
    tokens.name();  // CASCADE, RESTRICT
  }
}

void deferrable(TokenList& tokens) {
  tokens.accept("not");
  tokens.accept("deferrable");
  if (tokens.accept("initially")) tokens.name();
}

bool begins_deferrable(const TokenList& tokens) {
  return tokens.peek().is("deferrable") || (tokens.peek().is("not") && tokens.peek(1).is("deferrable"));
}

// REFERENCES has been read.
void reference(TokenList& tokens) {
  tokens.name();
  if (tokens.peek().is('(')) tokens.parentheses();
  for (;;) {
    if (tokens.peek().is("on") && !tokens.peek(1).is("conflict")) {
      tokens.next();
      tokens.next();  // DELETE, UPDATE
      action(tokens);
    } else if (tokens.accept("match")) {
      tokens.name();
    } else {
      break;
    }
  }
  if (begins_deferrable(tokens)) deferrable(tokens);
}

void default_value(TokenList& tokens) {
  if (tokens.peek().is('(')) return tokens.parentheses();
  if (tokens.peek().is('-') || tokens.peek().is('+')) tokens.next();
  if (tokens.at_end() || tokens.peek().kind == Token::Kind::symbol) throw tokens.not_understood();
  tokens.next();
}

void generated(TokenList& tokens) {
  tokens.parentheses();
  if (!tokens.accept("stored")) tokens.accept("virtual");
}

void expect(TokenList& tokens, std::string_view word) {
  if (!tokens.accept(word)) throw tokens.not_understood();
}

Kind primary_key_of_column(TokenList& tokens) {
  expect(tokens, "key");
  if (!tokens.accept("asc")) tokens.accept("desc");
  conflict(tokens);
  tokens.accept("autoincrement");
  return Kind::primary_key;
}

Kind of_column(TokenList& tokens) {
  if (begins_deferrable(tokens)) return deferrable(tokens), Kind::deferrable;
  if (tokens.accept("primary")) return primary_key_of_column(tokens);
  if (tokens.accept("not")) return expect(tokens, "null"), conflict(tokens), Kind::not_null;
  if (tokens.accept("null")) return conflict(tokens), Kind::null;
  if (tokens.accept("unique")) return conflict(tokens), Kind::unique;
  if (tokens.accept("check")) return tokens.parentheses(), conflict(tokens), Kind::check;
  if (tokens.accept("default")) return default_value(tokens), Kind::default_value;
  if (tokens.accept("collate")) return tokens.name(), Kind::collate;
  if (tokens.accept("references")) return reference(tokens), Kind::foreign_key;
  if (tokens.accept("generated")) expect(tokens, "always");
  if (tokens.accept("as")) return generated(tokens), Kind::generated;
  throw tokens.not_understood();
}

Kind of_table(TokenList& tokens) {
  if (tokens.accept("primary")) {
    expect(tokens, "key");
    return tokens.parentheses(), conflict(tokens), Kind::primary_key;
  }
  if (tokens.accept("unique")) return tokens.parentheses(), conflict(tokens), Kind::unique;
  if (tokens.accept("check")) return tokens.parentheses(), conflict(tokens), Kind::check;
  if (tokens.accept("foreign")) {
    expect(tokens, "key");
    tokens.parentheses();
    expect(tokens, "references");
    return reference(tokens), Kind::foreign_key;
  }
  throw tokens.not_understood();
}

Clause read(TokenList& tokens, Kind (*kind)(TokenList&)) {
  Clause clause;
  const std::size_t begin = tokens.position();
  if (tokens.accept("constraint")) clause.name = plain_name(tokens.name());
  clause.kind = kind(tokens);
  clause.begin = tokens.begin(begin);
  clause.end = tokens.end();
  return clause;
}

}  // namespace

bool begins_clause(const TokenList& tokens) {
  for (const std::string_view word :
       {"not", "null", "default", "collate", "references", "generated", "as", "deferrable"}) {
    if (tokens.peek().is(word)) return true;
  }
  return begins_table_clause(tokens);
}

bool begins_table_clause(const TokenList& tokens) {
  for (const std::string_view word : {"constraint", "check", "unique", "primary", "foreign"}) {
    if (tokens.peek().is(word)) return true;
  }
  return false;
}

Clause read_column_clause(TokenList& tokens) {
  return read(tokens, of_column);
}

Clause read_table_clause(TokenList& tokens) {
  return read(tokens, of_table);
}

}  // namespace martlet
