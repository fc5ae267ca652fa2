#include "run/expanded_grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

constexpr std::string_view kWho =
    "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, "
    "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) ";

// $1: the table; $2: the view. Of the whole table, and of single columns.
std::string grants_on_view() {
  return fmt::format(
      "SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, $2::text, {0}"
      "FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner "
      "AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') "
      "UNION ALL SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, $2::text, {0}"
      "FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a "
      "WHERE c.oid = to_regclass($1) AND NOT t.attisdropped AND a.grantee <> c.relowner "
      "AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE') ORDER BY 1",
      kWho);
}

// $1: the table; $2: the same as it is written; $3, $4: the column and its second name.
std::string grants_on_column() {
  return fmt::format(
      "SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, $4::text, $2::text, {}"
      "FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a "
      "WHERE c.oid = to_regclass($1) AND t.attname = $3 AND a.grantee <> c.relowner ORDER BY 1",
      kWho);
}

// What a step makes: "carts" of CREATE VIEW; "orders" and "amount" of ADD COLUMN.
struct Made {
  std::string relation, column;
};

std::optional<Made> made_by(const PlannedStep& step) {
  std::optional<Made> made;
  visit_trees({step.statement}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node) return;
    if (step.recipe == "rename-table" && node->node_case == PG_QUERY__NODE__NODE_VIEW_STMT) {
      made = Made{qualified_name(*node->view_stmt->view).text(), ""};
    } else if (step.recipe == "rename-column" && node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
      const PgQuery__AlterTableStmt& alter = *node->alter_table_stmt;
      const PgQuery__AlterTableCmd& command = *alter.cmds[0]->alter_table_cmd;
      if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn) return;
      made = Made{qualified_name(*alter.relation).text(), command.def->column_def->colname};
    }
  });
  return made;
}

// Which name that is the second of: what the statement's contract takes away.
const OldName* old_name_of(const PlannedMigration& planned, const PlannedStep& step) {
  const auto found = std::ranges::find_if(planned.steps, [&](const PlannedStep& each) {
    return each.source == step.source && each.recipe == step.recipe && each.takes_away;
  });
  return found == planned.steps.end() ? nullptr : &*found->takes_away;
}

std::vector<PlannedStep> grants_behind(Connection& connection, const PlannedMigration& planned,
                                       const PlannedStep& step) {
  const std::optional<Made> made = step.phase == Phase::expand ? made_by(step) : std::nullopt;
  const OldName* old_name = made ? old_name_of(planned, step) : nullptr;
  if (!old_name) return {};
  const Result found =
      made->column.empty()
          ? connection.execute(grants_on_view(), {old_name->table, made->relation})
          : connection.execute(grants_on_column(), {old_name->table, made->relation, old_name->column, made->column});
  std::vector<PlannedStep> grants;
  for (const Row& row : found.rows) {
    PlannedStep grant = step;
    grant.statement.text = row[0].value_or("");
    grant.traits = transactionality(grant.statement, Dialect::postgres);
    grant.note = "who may use the one may use the other";
    grant.effects.clear();
    grant.estimate.reset();
    grant.undo = "";
    grants.push_back(std::move(grant));
  }
  return grants;
}

}  // namespace

void add_grants(Connection& connection, std::vector<PlannedFile>& files) {
  for (PlannedFile& file : files) {
    std::vector<PlannedStep> steps;
    for (const PlannedStep& each : file.planned.steps) {
      steps.push_back(each);
      std::ranges::move(grants_behind(connection, file.planned, each), std::back_inserter(steps));
    }
    file.planned.steps = std::move(steps);
  }
}

}  // namespace martlet
