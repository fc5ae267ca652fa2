#include "effects/destructive.h"

#include "sql/lexer.h"

namespace martlet {
namespace {

using Kind = Destruction::Kind;
using Found = std::vector<Destruction>;

/// `a, b.c, "D"`; the word ONLY and a `*` behind a name are passed over.
Found names(Lexer words, Kind kind) {
  Found found;
  do {
    words.accept("only");
    std::string name = words.accept_name();
    if (name.empty()) break;
    found.push_back({kind, name, ""});
    words.accept('*');
  } while (words.accept(','));
  return found;
}

bool has_word(Lexer words, std::string_view word) {
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (token.is(word)) return true;
  }
  return false;
}

struct Dropped {
  std::string_view word;
  Kind kind;
  bool only_with_cascade;
};

const Dropped dropped_kinds[] = {
    {"table", Kind::table, false},     {"schema", Kind::schema, false}, {"database", Kind::database, false},
    {"owned", Kind::ownership, false}, {"type", Kind::type, true},      {"domain", Kind::type, true},
    {"extension", Kind::type, true},
};

Found drop(Lexer words) {
  for (const Dropped& dropped : dropped_kinds) {
    if (!words.accept(dropped.word)) continue;
    if (dropped.kind == Kind::ownership) words.accept("by");
    words.accept({"if", "exists"});
    if (dropped.only_with_cascade && !has_word(words, "cascade")) return {};
    return names(words, dropped.kind);
  }
  return {};
}

Found truncate(Lexer words) {
  words.accept("table");
  return names(words, Kind::rows);
}

/// Goes to the next sub-command of ALTER TABLE; false at the end.
bool skip_past_comma(Lexer& words) {
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (token.is(',')) return true;
    if (token.is('(')) words.skip_parentheses();
  }
  return false;
}

Found alter(Lexer words) {
  if (words.accept("foreign") || !words.accept("table")) return {};
  words.accept({"if", "exists"});
  words.accept("only");
  std::string table = words.accept_name();
  words.accept('*');
  Found found;
  do {
    if (!words.accept("drop") || words.accept("constraint")) continue;
    words.accept("column");
    words.accept({"if", "exists"});
    found.push_back({Kind::column, table, words.accept_name()});
  } while (skip_past_comma(words));
  return found;
}

/// After DELETE: the rest at the same depth of parentheses has no WHERE.
void read_delete(Lexer words, Found& found) {
  if (!words.accept("from")) return;
  words.accept("only");
  std::string table = words.accept_name();
  for (Token token = words.next(); token.kind != Token::Kind::end && !token.is(')'); token = words.next()) {
    if (token.is('(')) words.skip_parentheses();
    if (token.is("where")) return;
  }
  found.push_back({Kind::rows, table, ""});
}

Found delete_rows(Lexer words) {
  Found found;
  read_delete(words, found);
  return found;
}

/// DELETE may stand in a common table expression or behind it.
Found with(Lexer words) {
  Found found;
  Token before;
  for (Token token = words.next(); token.kind != Token::Kind::end; before = token, token = words.next()) {
    if (token.is("delete") && !before.is('.')) read_delete(words, found);
  }
  return found;
}

struct Verb {
  std::string_view word;
  Found (*find)(Lexer after);
};

const Verb verbs[] = {
    {"drop", drop}, {"truncate", truncate}, {"alter", alter}, {"delete", delete_rows}, {"with", with},
};

}  // namespace

std::string Destruction::text() const {
  switch (kind) {
    case Kind::table:
      return "drops table " + object;
    case Kind::column:
      return "drops column " + column + " of " + object;
    case Kind::rows:
      return "removes all rows of " + object;
    case Kind::schema:
      return "drops schema " + object;
    case Kind::database:
      return "drops database " + object;
    case Kind::type:
      return "drops " + object + " and the columns that use it";
    case Kind::ownership:
      return "drops everything owned by " + object;
  }
  return "";
}

Found destroys(const Statement& statement, Dialect dialect) {
  Lexer words(statement.text, dialect);
  Token first = words.next();
  for (const Verb& verb : verbs) {
    if (first.is(verb.word)) return verb.find(words);
  }
  return {};
}

}  // namespace martlet
