#include "sql/lexer.h"
#include "sql/statement.h"

namespace martlet {
namespace {

TransactionControl of_rollback(Lexer words) {
  if (!words.accept("work")) words.accept("transaction");
  if (words.accept("prepared")) return TransactionControl::none;
  return words.accept("to") ? TransactionControl::savepoint : TransactionControl::rollback;
}

TransactionControl of_commit(Lexer words) {
  return words.accept("prepared") ? TransactionControl::none : TransactionControl::commit;
}

struct Verb {
  std::string_view word;
  TransactionControl (*classify)(Lexer after);
};

const Verb verbs[] = {
    {"begin", [](Lexer) { return TransactionControl::begin; }},
    {"start",
     [](Lexer words) { return words.accept("transaction") ? TransactionControl::begin : TransactionControl::none; }},
    {"commit", of_commit},
    {"end", of_commit},
    {"rollback", of_rollback},
    {"abort", of_rollback},
    {"savepoint", [](Lexer) { return TransactionControl::savepoint; }},
    {"release", [](Lexer) { return TransactionControl::savepoint; }},
    // It takes the transaction away from the session, as a commit does.
    {"prepare",
     [](Lexer words) { return words.accept("transaction") ? TransactionControl::commit : TransactionControl::none; }},
};

}  // namespace

TransactionControl transaction_control(const Statement& statement, Dialect dialect) {
  Lexer words(statement.text, dialect);
  Token first = words.next();
  for (const Verb& verb : verbs) {
    if (first.is(verb.word)) return verb.classify(words);
  }
  return TransactionControl::none;
}

}  // namespace martlet
