// The one error type, and the one table from kinds of failure to exit codes.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace martlet {

/// A position in a file the user wrote. Lines and columns count from 1 (columns in characters, not bytes); 0 = not
/// known.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  bool known() const { return !file.empty(); }
  /// "V007__add.sql:12:31", as far as it is known.
  std::string text() const;
};

enum class ErrorKind {
  migration_failed,  // the migration failed, the database is clean
  usage,             // command line or configuration
  validation,        // files, checksums, hazards
  lock,              // lease or lock not obtained
  partial,           // resume or repair is needed
  drift,
  connection,
  refused,  // a gate, an approval or a protected environment said no
  cancelled,
  internal,  // a fault in martlet itself
};

/// The exit code of a failure, as documented in `martlet --help`.
int exit_code(ErrorKind kind);
/// The stable word for a kind in JSON output, e.g. "migration_failed".
std::string_view kind_name(ErrorKind kind);

/// A failure that ends what was asked. Properties are set fluently: `throw Error(kind, "…").at(place).next("…")`.
class Error : public std::exception {
 public:
  Error(ErrorKind what_kind, std::string text) : kind(what_kind), message(std::move(text)) {}

  Error& at(Place where) & { return place = std::move(where), *this; }
  Error&& at(Place where) && { return std::move(at(std::move(where))); }
  Error& with_sqlstate(std::string code) & { return sqlstate = std::move(code), *this; }
  Error&& with_sqlstate(std::string code) && { return std::move(with_sqlstate(std::move(code))); }
  Error& with_detail(std::string text) & { return detail = std::move(text), *this; }
  Error&& with_detail(std::string text) && { return std::move(with_detail(std::move(text))); }
  Error& leaves(std::string text) & { return state = std::move(text), *this; }
  Error&& leaves(std::string text) && { return std::move(leaves(std::move(text))); }
  Error& next(std::string text) & { return next_step = std::move(text), *this; }
  Error&& next(std::string text) && { return std::move(next(std::move(text))); }

  const char* what() const noexcept override { return message.c_str(); }

  ErrorKind kind;
  std::string message;    // what happened, one line
  std::string sqlstate;   // PostgreSQL's code, or "SQLITE_…"
  std::string detail;     // the server's DETAIL, or further lines
  std::string hint;       // the server's HINT
  Place place;            // where in the user's files
  std::string statement;  // the statement that failed, as written
  int position = 0;       // character in `statement`, from 1; 0 = not known
  std::string state;      // what the database looks like now
  std::string next_step;  // what to do next
};

/// A lock or lease could not be had in its time; the caller may retry the whole transaction.
struct LockTimeout : Error {
  using Error::Error;
  explicit LockTimeout(Error cause) : Error(std::move(cause)) {}
};
/// The server or the network went away; nothing is known to have been committed by the call that threw.
struct ConnectionLost : Error {
  using Error::Error;
  explicit ConnectionLost(Error cause) : Error(std::move(cause)) {}
};
/// The connection was lost after COMMIT may have been sent: only the ledger can tell whether it took effect.
struct CommitInDoubt : ConnectionLost {
  using ConnectionLost::ConnectionLost;
  explicit CommitInDoubt(Error cause) : ConnectionLost(std::move(cause)) {}
};

}  // namespace martlet
