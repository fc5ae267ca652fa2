// A failed PGresult → Error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "db/postgres/libpq.h"

namespace martlet::postgres {

/// True when the answer says that the session is over: the server ended it (FATAL, PANIC) or the socket is closed.
/// Not by SQLSTATE class 08: foreign data wrappers raise those on a session that lives on.
bool session_is_over(const PGresult* result, const PGconn* connection);

/// The server's (or libpq's) error with everything it carries. Kind: lock for 55P03, else migration_failed.
/// `result` may be null: then the connection's own message is used.
Error server_error(const PGresult* result, const PGconn* connection, std::string_view statement);

/// Throws `error` as the type that callers catch: LockTimeout for kind lock, else Error.
[[noreturn]] void throw_typed(Error error);

/// True for COMMIT and END.
bool is_commit(std::string_view sql);

/// The COMMIT of a failed transaction "succeeds" as a ROLLBACK: here it is the error that it is.
std::optional<Error> refused_commit(const PGresult* answer, std::string_view sql);

}  // namespace martlet::postgres
