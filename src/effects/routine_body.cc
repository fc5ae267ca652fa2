#include "effects/routine_body.h"

#include <fmt/format.h>

#include <utility>

#include "sql/plpgsql.h"
#include "sql/tree.h"

namespace martlet {
namespace {

bool names_nothing(const std::string& expression) {
  return expression.find("SELECT") == std::string::npos && expression.find("select") == std::string::npos;
}

void run_statements(Execution& execution, const std::string& sql) {
  std::vector<Statement> statements;
  try {
    statements = split({sql, "", 1}, Dialect::postgres);
  } catch (const Error& error) {
    return execution.not_known(fmt::format("a body could not be read: {}", error.message));
  }
  visit_trees(statements, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node) return execution.not_known("a statement of a body could not be read");
    try {
      execute_node(execution, *node);
    } catch (const StatementError& error) {
      // Variables look like columns that are not there: that is no failure of the statement's.
      if (error.sqlstate != "42703" && error.sqlstate != "42P01") throw;
      execution.not_known(fmt::format("a body was not followed: {}", error.message));
    }
  });
}

void run_in_language(Execution& execution, const std::string& language, const std::string& body) {
  if (language == "sql") return run_statements(execution, body);
  if (language != "plpgsql") {
    return execution.not_known(fmt::format("what a function in {} does cannot be read", language));
  }
  for (const PlpgsqlPart& part : read_plpgsql(body).parts) {
    switch (part.kind) {
      case PlpgsqlPart::Kind::statement:
        run_statements(execution, part.text);
        break;
      case PlpgsqlPart::Kind::dynamic:
        execution.not_known("a body runs SQL that it makes itself");
        break;
      case PlpgsqlPart::Kind::transaction:
        break;
      default:
        if (!names_nothing(part.text)) run_statements(execution, "SELECT " + part.text);
    }
  }
}

}  // namespace

void run_body(Execution& execution, const std::string& language, const std::string& body) {
  const bool was_in_body = std::exchange(execution.in_body, true);
  run_in_language(execution, language, body);
  execution.in_body = was_in_body;
}

void run_function(Execution& execution, ObjectId id) {
  const Function* function = execution.catalog.functions.get(id);
  if (!function) return execution.not_known("a function that is called is not in the catalog");
  if (function->schema == "pg_catalog") return;
  const Function copy = *function;
  run_body(execution, copy.language, copy.body);
}

}  // namespace martlet
