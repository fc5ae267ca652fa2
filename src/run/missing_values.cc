#include "run/missing_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

constexpr std::string_view kHazard = "add-not-null-no-default", kRecipe = "add-column-not-null";

bool has_rows(Connection& connection, const std::string& table) {
  const Result found = connection.execute("SELECT pg_catalog.to_regclass($1)::text", {table});
  if (!found.rows.at(0).at(0)) return false;  // made by an earlier file
  return connection.execute(fmt::format("SELECT EXISTS (SELECT FROM {})", table)).rows.at(0).at(0) == "t";
}

bool takes_rows_away(const PlannedStep& step, const std::string& table) {
  const Token first = Lexer(step.statement.text, Dialect::postgres).next();
  const bool removes = first.is("delete") || first.is("truncate");
  return removes && std::ranges::count(step.effects, table, &StepEffect::relation) > 0;
}

// Up to the statement at `place`.
bool may_be_empty_by_then(const PendingPlan& plan, const Place& place, const std::string& table) {
  for (const PlannedFile& file : plan.files) {
    for (const PlannedStep& step : file.planned.steps) {
      if (step.statement.place.text() == place.text()) return false;
      if (takes_rows_away(step, table)) return true;
    }
  }
  return false;
}

Error no_value(const HazardFinding& finding, const std::string& table) {
  return Error(ErrorKind::validation, fmt::format("{} has rows, which have no value for the column that is added NOT "
                                                  "NULL: the statement fails [{}]",
                                                  table, kHazard))
      .at(finding.finding.place)
      .with_detail(finding.safe_sql.empty() ? "" : "in steps:\n" + std::string(trim(finding.safe_sql)))
      .leaves("nothing was run")
      .next(
          "give it a constant DEFAULT; or add it without NOT NULL, write `-- martlet:batch` and an UPDATE that fills "
          "it, and ALTER COLUMN … SET NOT NULL behind that; or let the phases run apart, where martlet does that for "
          "the statement as it is");
}

struct Condition {
  std::string table, check;  // SQL
};

// ALTER TABLE orders ADD CONSTRAINT … CHECK (total IS NOT NULL) NOT VALID, as the recipe writes it.
std::vector<Condition> conditions_of(const PlannedStep& step) {
  std::vector<Condition> conditions;
  visit_trees({step.statement}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return;
    const PgQuery__AlterTableStmt& alter = *node->alter_table_stmt;
    for (const Node* each : list(alter.n_cmds, alter.cmds)) {
      const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
      if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint) continue;
      conditions.push_back(
          {qualified_name(*alter.relation).text(), deparse_expression(*command.def->constraint->raw_expr)});
    }
  });
  return conditions;
}

Error not_filled(const WaitingPhase& waiting, const PlannedStep& step, const Condition& condition) {
  return Error(ErrorKind::refused, fmt::format("{} cannot be contracted: {} has rows of which this is not true: {}",
                                               waiting.entry->label(), condition.table, condition.check))
      .at(step.statement.place)
      .leaves("nothing was run")
      .next(
          "see that all code writes the column, fill the rows with a migration (`-- martlet:batch` above UPDATE … "
          "WHERE … IS NULL), then contract");
}

}  // namespace

void refuse_missing_values(Session& session, const PendingPlan& plan) {
  for (const PlannedFile& file : plan.files) {
    for (const HazardFinding& each : file.findings) {
      if (each.finding.id != kHazard) continue;
      for (const std::string& table : each.relations) {
        if (may_be_empty_by_then(plan, each.finding.place, table)) continue;
        if (has_rows(session.connection(), table)) throw no_value(each, table);
      }
    }
  }
}

void refuse_missing_values(Session& session, const WaitingPhase& waiting) {
  for (const PlannedStep& step : waiting.planned.steps) {
    if (step.recipe != kRecipe || step.phase != Phase::contract) continue;
    for (const Condition& each : conditions_of(step)) {
      const Result found = session.connection().execute(
          fmt::format("SELECT EXISTS (SELECT FROM {} WHERE NOT ({}))", each.table, each.check));
      if (found.rows.at(0).at(0) == "t") throw not_filled(waiting, step, each);
    }
  }
}

}  // namespace martlet
