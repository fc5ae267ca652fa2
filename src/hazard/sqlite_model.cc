#include "hazard/sqlite_model.h"

#include <fmt/format.h>

#include <chrono>

#include "effects/transactional.h"
#include "hazard/sqlite_views.h"
#include "rebuild/rebuild.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::chrono::milliseconds kPatience{2000};

// What a statement is to the model.
enum class Handling {
  schema,   // changes the schema
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

// The error's message, "" for none.
std::string tried(Connection& database, const std::string& sql) {
  try {
    database.execute(sql);
    return "";
  } catch (const Error& error) {
    return error.message;
  }
}

std::unique_ptr<Connection> open_memory() {
  auto connection = open_connection(Url::parse("sqlite::memory:"));
  connection->while_waiting([session = connection.get()](std::chrono::milliseconds waited) {
    if (waited > kPatience) session->cancel();
  });
  return connection;
}

}  // namespace

SqliteModel::SqliteModel(Completeness completeness)
    : connection_(open_memory()), trial_(open_memory()), completeness_(completeness) {
  trial_->execute("CREATE TABLE trial (martlet_row)");
  trial_->execute("INSERT INTO trial VALUES (1)");
}

void SqliteModel::copy_schema(Connection& source) {
  if (!SqliteSchema::of(source).make_in(*connection_)) completeness_ = Completeness::incomplete;
}

Effects SqliteModel::execute(const Statement& statement) {
  broken_views_.clear();
  last_trial_.reset();
  built_anew_ = false;
  const Handling how = handling(statement);
  if (how == Handling::rows) return run(statement, [&] { connection_->execute("EXPLAIN " + statement.text); });
  if (how == Handling::schema) return execute_on_schema(statement);
  Effects effects;
  effects.transactional = transactionality(statement, Dialect::sqlite).transactional();
  if (how == Handling::session) tried(*connection_, statement.text);
  return effects;
}

Effects SqliteModel::execute_on_schema(const Statement& statement) {
  if (excursion_) excursion_->before(statement);
  if (const std::optional<TableChange> change = table_change(statement, Dialect::sqlite)) {
    Effects effects = run(statement, [&] { build_anew(*change); });
    built_anew_ = !effects.error;
    return effects;
  }
  std::vector<std::string> views = working_views_on_dropped(statement, *connection_);
  Effects effects = run(statement, [&] { connection_->execute(statement.text); });
  if (!effects.error) broken_views_ = no_longer_working(std::move(views), *connection_);
  return effects;
}

Effects SqliteModel::run(const Statement& statement, const std::function<void()>& work) const {
  Effects effects;
  effects.transactional = transactionality(statement, Dialect::sqlite).transactional();
  try {
    work();
  } catch (const Error& error) {
    if (completeness_ == Completeness::incomplete && is_about_something_missing(error)) {
      effects.known = false;
      effects.unknown_reason = error.message;
    } else {
      effects.error = {error.sqlstate, error.message};
    }
  }
  return effects;
}

void SqliteModel::build_anew(const TableChange& change) const {
  connection_->execute("SAVEPOINT rebuild");
  try {
    rebuild_table(*connection_, change);
  } catch (...) {
    connection_->execute("ROLLBACK TO rebuild");
    connection_->execute("RELEASE rebuild");
    throw;
  }
  connection_->execute("RELEASE rebuild");
}

const std::string& SqliteModel::error_with_rows(const std::string& change) {
  if (last_trial_ && last_trial_->first == change) return last_trial_->second;
  const Result foreign_keys = connection_->execute("PRAGMA foreign_keys");
  trial_->execute("PRAGMA foreign_keys = " + foreign_keys.rows.at(0)[0].value_or("0"));
  trial_->execute("SAVEPOINT trial");
  last_trial_ = {change, tried(*trial_, "ALTER TABLE trial " + change)};
  trial_->execute("ROLLBACK TO trial");
  trial_->execute("RELEASE trial");
  return last_trial_->second;
}

void SqliteModel::mark() {
  excursion_.emplace(*connection_);
}

void SqliteModel::return_to_mark() {
  try {
    excursion_->undo();
    excursion_.reset();
  } catch (const Error&) {
    const SqliteSchema schema = excursion_->schema_before();
    excursion_.reset();  // it holds on to the connection
    connection_ = open_memory();
    schema.make_in(*connection_);
  }
}

}  // namespace martlet
