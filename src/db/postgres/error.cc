#include "db/postgres/error.h"

#include <cstdlib>

#include "base/text.h"

namespace martlet::postgres {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = result ? PQresultErrorField(result, code) : nullptr;
  return text ? text : "";
}

void append_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// libpq's own messages: one sentence, then explanations on lines that begin with a tab.
void split_libpq_message(std::string_view whole, Error& error) {
  whole = trim(whole);
  const auto end = std::min(whole.find('\n'), whole.size());
  error.message = trim(whole.substr(0, end));
  std::string rest;
  for (const std::string& line : split_list(whole.substr(end), '\n')) append_line(rest, line);
  error.detail = rest;
}

}  // namespace

bool session_is_over(const PGresult* result, const PGconn* connection) {
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC" || PQstatus(connection) == CONNECTION_BAD;
}

Error server_error(const PGresult* result, const PGconn* connection, std::string_view statement) {
  Error error(ErrorKind::migration_failed, field(result, PG_DIAG_MESSAGE_PRIMARY));
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(result, PG_DIAG_MESSAGE_HINT);
  error.statement = statement;
  error.position = std::atoi(field(result, PG_DIAG_STATEMENT_POSITION).c_str());
  if (error.message.empty()) {
    const std::string_view own = result ? PQresultErrorMessage(result) : "";
    split_libpq_message(own.empty() ? PQerrorMessage(connection) : own, error);
  }
  if (error.message.empty()) error.message = "the server ended the connection";
  append_line(error.detail, field(result, PG_DIAG_CONTEXT));
  if (error.sqlstate == "55P03") error.kind = ErrorKind::lock;
  return error;
}

void throw_typed(Error error) {
  if (error.kind == ErrorKind::lock) throw LockTimeout(std::move(error));
  throw error;
}

bool is_commit(std::string_view sql) {
  const std::string_view text = trim(sql);
  const std::string_view word = text.substr(0, std::min(text.find_first_of(" \t\r\n;/-"), text.size()));
  return equals_ignoring_case(word, "commit") || equals_ignoring_case(word, "end");
}

std::optional<Error> refused_commit(const PGresult* answer, std::string_view sql) {
  if (std::string_view(PQcmdStatus(const_cast<PGresult*>(answer))) == "COMMIT") return std::nullopt;
  Error error(ErrorKind::migration_failed, "the server answered COMMIT with ROLLBACK: nothing was committed");
  error.statement = sql;
  return error;
}

}  // namespace martlet::postgres
