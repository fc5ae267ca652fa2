#include "effects/transactional.h"

#include <optional>

#include "base/text.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

using Kind = NonTransactional;

Transactionality refused(Kind kind, std::string what, std::string object = "", std::string table = "") {
  return {kind, std::move(object), std::move(table), what + " cannot run inside a transaction block"};
}

/// What an option such as `create_slot = false` says, in parentheses anywhere from here on; nullopt = it is not named.
std::optional<bool> option(Lexer words, std::string_view name) {
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (!token.is(name)) continue;
    if (!words.accept('=')) return true;
    std::string value = lower(words.next().text);
    return value != "false" && value != "'false'" && value != "off" && value != "'off'" && value != "0";
  }
  return std::nullopt;
}

Transactionality create_index(Lexer words) {
  words.accept("unique");
  if (!words.accept("index") || !words.accept("concurrently")) return {};
  words.accept({"if", "not", "exists"});
  std::string index = words.peek().is("on") ? "" : words.accept_name();
  words.accept("on");
  words.accept("only");
  return refused(Kind::create_index_concurrently, "CREATE INDEX CONCURRENTLY", index, words.accept_name());
}

Transactionality create_subscription(Lexer words) {
  std::string name = words.accept_name();
  bool makes_slot = option(words, "connect").value_or(true) && option(words, "create_slot").value_or(true);
  return makes_slot ? refused(Kind::once, "CREATE SUBSCRIPTION with a replication slot", name) : Transactionality{};
}

Transactionality create(Lexer words) {
  if (words.accept("database")) return refused(Kind::once, "CREATE DATABASE", words.accept_name());
  if (words.accept("tablespace")) return refused(Kind::once, "CREATE TABLESPACE", words.accept_name());
  if (words.accept("subscription")) return create_subscription(words);
  return create_index(words);
}

Transactionality drop(Lexer words) {
  bool index = words.accept({"index", "concurrently"});
  bool database = !index && words.accept("database");
  bool tablespace = !index && !database && words.accept("tablespace");
  bool subscription = !index && !database && !tablespace && words.accept("subscription");
  words.accept({"if", "exists"});
  std::string name = words.accept_name();
  if (index) return refused(Kind::drop_index_concurrently, "DROP INDEX CONCURRENTLY", name);
  if (database) return refused(Kind::once, "DROP DATABASE", name);
  if (tablespace) return refused(Kind::once, "DROP TABLESPACE", name);
  if (subscription) return refused(Kind::once, "DROP SUBSCRIPTION of a replication slot", name);
  return {};
}

Transactionality reindex(Lexer words) {
  bool concurrently = false;
  if (words.accept('(')) {
    Lexer options = words;
    words.skip_parentheses();
    while (!options.peek().is(')') && options.peek().kind != Token::Kind::end) {
      if (!options.next().is("concurrently")) continue;
      std::string value = lower(options.peek().text);
      concurrently = value != "false" && value != "off" && value != "0";
    }
  }
  std::string target = lower(words.next().text);
  concurrently = words.accept("concurrently") || concurrently;
  std::string name = words.accept_name();
  bool whole = target == "schema" || target == "database" || target == "system";
  if (concurrently) {
    return refused(Kind::reindex_concurrently, "REINDEX CONCURRENTLY", target == "index" ? name : "",
                   target == "table" ? name : "");
  }
  return whole ? refused(Kind::repeatable, "REINDEX of a whole " + target) : Transactionality{};
}

Transactionality alter_table(Lexer words) {
  words.accept({"if", "exists"});
  words.accept("only");
  std::string table = words.accept_name();
  if (!words.accept({"detach", "partition"})) return {};
  std::string partition = words.accept_name();
  if (!words.accept("concurrently")) return {};
  return refused(Kind::detach_partition_concurrently, "ALTER TABLE … DETACH PARTITION … CONCURRENTLY", partition,
                 table);
}

/// A refresh asks the publisher; the other forms do it unless told not to.
Transactionality alter_subscription(Lexer words) {
  std::string name = words.accept_name();
  if (words.accept({"refresh", "publication"})) {
    return refused(Kind::repeatable, "ALTER SUBSCRIPTION … REFRESH PUBLICATION", name);
  }
  bool set = words.accept({"set", "publication"});
  bool changes = set || words.accept({"add", "publication"}) || words.accept({"drop", "publication"});
  if (!changes || !option(words, "refresh").value_or(true)) return {};
  return refused(set ? Kind::repeatable : Kind::once, "ALTER SUBSCRIPTION with a refresh", name);
}

Transactionality alter(Lexer words) {
  if (words.accept("table")) return alter_table(words);
  if (words.accept("system")) return refused(Kind::repeatable, "ALTER SYSTEM");
  if (words.accept("subscription")) return alter_subscription(words);
  if (!words.accept("database")) return {};
  std::string name = words.accept_name();
  if (!words.accept({"set", "tablespace"})) return {};
  return refused(Kind::repeatable, "ALTER DATABASE … SET TABLESPACE", name);
}

/// CLUSTER of everything; of one table it is transactional.
Transactionality cluster(Lexer words) {
  words.accept("verbose");
  if (words.accept('(')) words.skip_parentheses();
  if (!words.accept_name().empty()) return {};
  return refused(Kind::repeatable, "CLUSTER of all tables");
}

Transactionality vacuum(Lexer) {
  return refused(Kind::repeatable, "VACUUM");
}

Transactionality discard(Lexer words) {
  return words.accept("all") ? refused(Kind::repeatable, "DISCARD ALL") : Transactionality{};
}

Transactionality commit_prepared(Lexer words) {
  return words.accept("prepared") ? refused(Kind::once, "COMMIT PREPARED") : Transactionality{};
}

Transactionality rollback_prepared(Lexer words) {
  return words.accept("prepared") ? refused(Kind::once, "ROLLBACK PREPARED") : Transactionality{};
}

struct Verb {
  std::string_view word;
  Transactionality (*classify)(Lexer after);
};

const Verb postgres_verbs[] = {
    {"create", create},
    {"drop", drop},
    {"alter", alter},
    {"reindex", reindex},
    {"cluster", cluster},
    {"vacuum", vacuum},
    {"discard", discard},
    {"commit", commit_prepared},
    {"rollback", rollback_prepared},
};

Transactionality sqlite_vacuum(Lexer words) {
  if (!words.peek().is("into")) words.accept_name();
  return refused(words.accept("into") ? Kind::once : Kind::repeatable, "VACUUM");
}

/// Settings that a transaction refuses or, worse, ignores (foreign_keys, journal_mode).
Transactionality pragma(Lexer words) {
  std::string name = lower(words.accept_name());
  name = name.substr(name.rfind('.') + 1);
  if (name == "wal_checkpoint") return refused(Kind::repeatable, "PRAGMA wal_checkpoint", name);
  bool sets = words.accept('=') || words.accept('(');
  for (std::string_view fixed : {"foreign_keys", "journal_mode", "synchronous", "temp_store"}) {
    if (sets && name == fixed) {
      return {Kind::repeatable, name, "", "PRAGMA " + name + " cannot be changed inside a transaction"};
    }
  }
  return {};
}

Transactionality detach(Lexer words) {
  words.accept("database");
  return refused(Kind::repeatable, "DETACH", words.accept_name());
}

const Verb sqlite_verbs[] = {
    {"vacuum", sqlite_vacuum},
    {"detach", detach},
    {"pragma", pragma},
};

template <std::size_t size>
Transactionality classify(const Verb (&verbs)[size], Lexer words) {
  Token first = words.next();
  for (const Verb& verb : verbs) {
    if (first.is(verb.word)) return verb.classify(words);
  }
  return {};
}

}  // namespace

Transactionality transactionality(const Statement& statement, Dialect dialect) {
  Lexer words(statement.text, dialect);
  return dialect == Dialect::postgres ? classify(postgres_verbs, words) : classify(sqlite_verbs, words);
}

}  // namespace martlet
