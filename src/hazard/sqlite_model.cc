#include "hazard/sqlite_model.h"

#include <chrono>

#include "effects/transactional.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::chrono::milliseconds kPatience{2000};
constexpr std::string_view kSavepoint = "martlet_trial";

// What a statement is to the model.
enum class Handling {
  schema,   // can be tried in a savepoint
  rows,     // is only compiled
  session,  // acts at once or not at all: BEGIN, PRAGMA
  outside,  // touches files: never run here
};

Handling handling(const Statement& statement) {
  const Token first = Lexer(statement.text, Dialect::sqlite).next();
  for (const std::string_view word : {"create", "alter", "drop", "reindex"}) {
    if (first.is(word)) return Handling::schema;
  }
  for (const std::string_view word : {"attach", "detach", "vacuum"}) {
    if (first.is(word)) return Handling::outside;
  }
  for (const std::string_view word :
       {"begin", "commit", "end", "rollback", "savepoint", "release", "pragma", "analyze"}) {
    if (first.is(word)) return Handling::session;
  }
  return Handling::rows;
}

// What a dropped column leaves behind is in the schema at hand.
bool is_about_something_missing(const Error& error) {
  return error.message.find("no such") != std::string::npos &&
         error.message.find("after drop column: no such column") == std::string::npos;
}

}  // namespace

SqliteModel::SqliteModel(Completeness completeness)
    : connection_(open_connection(Url::parse("sqlite::memory:"))), completeness_(completeness) {
  connection_->while_waiting([session = connection_.get()](std::chrono::milliseconds waited) {
    if (waited > kPatience) session->cancel();
  });
}

void SqliteModel::copy_schema(Connection& source) {
  // Tables before what is on them; rows of the same kind in the order in which they were made.
  const Result objects = source.execute(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
      "ORDER BY type <> 'table', type = 'trigger', rowid");
  for (const Row& row : objects.rows) {
    try {
      connection_->execute(row[0].value_or(""));
    } catch (const Error&) {
      completeness_ = Completeness::incomplete;  // a shadow table that its virtual table has made, an unknown module
    }
  }
  const Result foreign_keys = source.execute("PRAGMA foreign_keys");
  connection_->execute("PRAGMA foreign_keys = " + foreign_keys.rows.at(0)[0].value_or("0"));
}

Effects SqliteModel::try_out(const Statement& statement) {
  Effects effects;
  effects.transactional = transactionality(statement, Dialect::sqlite).transactional();
  const Handling how = handling(statement);
  if (how == Handling::session || how == Handling::outside) return effects;
  try {
    connection_->execute("SAVEPOINT " + std::string(kSavepoint));
    connection_->execute(how == Handling::rows ? "EXPLAIN " + statement.text : statement.text);
  } catch (const Error& error) {
    if (completeness_ == Completeness::incomplete && is_about_something_missing(error)) {
      effects.known = false;
      effects.unknown_reason = error.message;
    } else {
      effects.error = {error.sqlstate, error.message};
    }
  }
  take_back();
  return effects;
}

void SqliteModel::take_back() {
  try {
    connection_->execute("ROLLBACK TO " + std::string(kSavepoint));
    connection_->execute("RELEASE " + std::string(kSavepoint));
  } catch (const Error&) {
    connection_->rollback();  // a statement that was interrupted has ended the savepoint itself
  }
}

void SqliteModel::run(const Statement& statement) {
  const Handling how = handling(statement);
  if (how == Handling::rows || how == Handling::outside) return;
  try {
    connection_->execute(statement.text);
  } catch (const Error&) {
    return;  // try_out() has told it
  }
}

SqliteModel SqliteModel::copy() {
  SqliteModel other(completeness_);
  other.copy_schema(*connection_);
  return other;
}

}  // namespace martlet
