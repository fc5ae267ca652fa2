// What can be seen in the statements without a database: syntax, transaction control, emptiness.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "migration/check.h"
#include "migration/transaction_control.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::string_view kNotAnalysed = "not-analysed";

void check_transaction_control(const std::vector<Statement>& statements, Dialect dialect, std::vector<Finding>& found) {
  for (const Statement& statement : statements) {
    if (std::optional<Finding> finding = transaction_control_finding(statement, dialect)) {
      found.push_back(std::move(*finding));
    }
  }
}

void check_parses(const Migration& migration, const std::vector<Statement>& statements, Dialect dialect,
                  std::vector<Finding>& found) {
  const bool allowed = allowance(migration, kNotAnalysed) != nullptr;
  for (const SyntaxProblem& problem : check_syntax(statements, dialect)) {
    const bool tolerated = allowed || !problem.analysed;
    found.push_back({tolerated ? Finding::Severity::note : Finding::Severity::error,
                     tolerated ? std::string(kNotAnalysed) : "syntax", problem.place, problem.message,
                     tolerated ? "the server decides when it runs"
                               : "fix it; for syntax newer than PostgreSQL 15 write "
                                 "`-- martlet:allow not-analysed \"reason\"`"});
  }
}

void check_part(const Migration& migration, const Part& part, Dialect dialect, std::vector<Finding>& found) {
  try {
    const std::vector<Statement> statements = split(*part.source, dialect);
    check_transaction_control(statements, dialect, found);
    check_parses(migration, statements, dialect, found);
    // A merge joins versions and needs no statement; an empty down part is the downs check's.
    if (statements.empty() && part.name != "down" && migration.depends.size() < 2) {
      const bool blank = trim(part.source->text).empty();
      found.push_back(
          {blank ? Finding::Severity::error : Finding::Severity::warning,
           blank ? "empty-part" : "no-statements",
           {part.source->file, part.source->first_line},
           fmt::format("the {} part of {} {}", part.name, migration.label, blank ? "is empty" : "has no statement"),
           "write its statements, or remove the file if it was never applied"});
    }
  } catch (const Error& error) {
    found.push_back({Finding::Severity::error, "syntax", error.place, error.message,
                     error.next_step.empty() ? "fix the file" : error.next_step});
  }
}

void find(const Folder& folder, const FolderOptions& options, std::vector<Finding>& found) {
  for (const Migration& migration : folder.migrations) {
    for (const Part& part : parts_of(migration)) check_part(migration, part, options.dialect, found);
  }
  for (const Callback& callback : folder.callbacks) {
    check_part(Migration{.label = callback.event}, {&callback.script, "callback"}, options.dialect, found);
  }
}

const Registered<FileCheck> kCheck{{"statements", "syntax, transaction control, empty files", find}};

}  // namespace
}  // namespace martlet
