#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/body.h"
#include "sql/written_table.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const std::optional<Body> body = open_body(at.statement, *at.node);
  if (!body) return;
  const bool commits = std::ranges::any_of(
      body->parts, [](const BodyPart& part) { return part.kind == PlpgsqlPart::Kind::transaction && part.loops > 0; });
  if (commits && !at.state.in_transaction) return;
  std::vector<Statement> statements;
  for (const BodyPart& part : body->parts) {
    if (part.kind == PlpgsqlPart::Kind::statement && part.loops > 0) statements.push_back(part.statement);
  }
  bool said = false;
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    const PgQuery__RangeVar* table = node ? written_table(*node) : nullptr;
    if (said || !is_live(at, table)) return;
    said = true;
    HazardFinding& finding = found.add(
        at, commits ? "COMMIT fails here: the file runs in a transaction"
                    : fmt::format("the loop is one transaction: the rows of {} stay locked until its last turn is done",
                                  shown(*table)));
    finding.finding.place = statement.place;
    finding.relations = {shown(*table)};
  });
}

const Registered<Hazard> kHazard{{
    .id = "do-loop-one-transaction",
    .severity = Hazard::Severity::warning,
    .summary = "a loop in a DO block that is meant to work in batches",
    .why =
        "A DO block without COMMIT is one transaction, however small the turns of its loop are: all rows stay locked, "
        "dead rows pile up, and a failure in the last turn loses all of them. pg_sleep between them only makes it "
        "longer.",
    .safe_form =
        "Write the UPDATE or DELETE itself with -- martlet:batch: each batch is committed, and a crash is resumed "
        "where it was.",
    .on = {PG_QUERY__NODE__NODE_DO_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
