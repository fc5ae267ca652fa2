#include "run/project_check.h"

#include <filesystem>

#include "base/files.h"
#include "migration/directive.h"
#include "migration/source.h"
#include "run/checks.h"
#include "run/failure.h"
#include "run/script.h"

namespace martlet {
namespace {

void run_statement(Connection& connection, const Statement& statement) {
  try {
    if (statement.is_copy_in) {
      connection.copy_in(statement.text, statement.copy_data);
    } else {
      connection.execute(statement.text);
    }
  } catch (const Error& error) {
    throw at_statement(error, statement);
  }
}

std::vector<Check> checks_of(const SourceText& source) {
  Migration holder;
  for (const DirectiveLine& line : find_directives(source)) apply_directive(line.directive, Section::up, holder);
  return holder.checks;
}

}  // namespace

std::optional<Error> run_project_check(Connection& connection, const RunSettings& settings,
                                       const std::string& tests_path, const Migration& migration,
                                       std::string_view moment) {
  const std::string stem = std::filesystem::path(migration.file).stem();
  const std::filesystem::path file = std::filesystem::path(tests_path) / (stem + "." + std::string(moment) + ".sql");
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const SourceText source = read_source(file);
    for (const ScriptStatement& at : prepare_script(source, true, settings, connection.dialect()).statements) {
      run_statement(connection, at.statement);
    }
    for (const Check& check : checks_of(source)) {
      if (auto failure = failed_check(connection, check)) return failure;
    }
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace martlet
