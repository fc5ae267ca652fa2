#include "sql/session_setting.h"

#include "sql/lexer.h"

namespace martlet {
namespace {

// Behind SELECT: each call must last beyond the transaction.
bool calls_set_config(Lexer words) {
  if (words.accept("pg_catalog")) words.accept('.');
  if (!words.accept("set_config") || !words.accept('(')) return false;
  Token last;
  for (int depth = 1; depth > 0;) {
    const Token token = words.next();
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::unterminated) return false;
    if (token.is('(')) ++depth;
    if (token.is(')') && --depth == 0) break;
    last = token;
  }
  return !last.is("true");
}

}  // namespace

bool sets_session(const Statement& statement, Dialect dialect) {
  if (dialect == Dialect::sqlite) return false;
  Lexer words(statement.text, dialect);
  if (words.accept("reset")) return true;
  if (words.accept("select")) return calls_set_config(words);
  if (!words.accept("set")) return false;
  return !words.accept("local") && !words.accept("constraints") && !words.accept("transaction");
}

}  // namespace martlet
