#include "step/batch/failures.h"

#include <fmt/format.h>

#include "base/text.h"
#include "step/batch/statements.h"

namespace martlet {

bool is_passing(const Error& error) {
  const std::string& code = error.sqlstate;
  return code == "55P03" || code == "40P01" || code == "40001";
}

bool is_about_rows(const Error& error) {
  const std::string& code = error.sqlstate;
  if (code == "57014") return error.kind != ErrorKind::cancelled;  // statement_timeout: fewer rows take less time
  for (const char* type : {"21", "22", "23", "38", "39", "44", "P0"}) {
    if (code.starts_with(type)) return true;
  }
  // What RAISE … USING ERRCODE made up is no code of the server's own.
  return !code.empty() && code[0] >= 'G' && code[0] != 'H' && code[0] != 'X' && code[0] != 'P';
}

Error explain_policies(Error error, const BatchChange& change) {
  if (error.sqlstate != "42501" || error.message.find("row-level security") == std::string::npos) return error;
  error.message = fmt::format("policies of {} would hide rows from this role, so some would never be changed: {}",
                              change.table, error.message);
  error.next("run as a role that has BYPASSRLS, or take FORCE ROW LEVEL SECURITY off the table meanwhile");
  return error;
}

Error row_failed(const Error& cause, const BatchChange& change, const RowKey& key,
                 const std::vector<SkippedRow>& skipped) {
  Error error = cause;
  error.kind = ErrorKind::migration_failed;
  error.position = 0;  // of the batch's own text, which is not the statement's
  error.statement.clear();
  error.message =
      fmt::format("the row with {} of {} cannot be changed: {}", row_text(change, key), change.table, cause.message);
  std::vector<std::string> lines;
  if (!cause.detail.empty()) lines.push_back(cause.detail);
  for (const SkippedRow& row : skipped)
    lines.push_back(fmt::format("left out: {}: {}", row_text(change, row.key), row.why));
  error.detail = join(lines, "\n");
  error.next("put the row right and run `martlet resume`; `--skip-errors N` leaves out up to N such rows");
  return error;
}

}  // namespace martlet
