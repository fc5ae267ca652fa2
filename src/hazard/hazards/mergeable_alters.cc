#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const Relation* table = at.relation(at.node->alter_table_stmt->relation);
  const LastAlter& last = at.state.last_alter;
  if (!table || !last.reads_table || last.table != table->id || at.is_new(table->id)) return;
  const Impact impact = impact_on(at, *table);
  if (!impact.rewrite && !impact.scan) return;
  HazardFinding& finding =
      found.add(at, fmt::format("the statement before it went through {} as well: one ALTER TABLE with both goes once",
                                sized(at, *table)));
  finding.relations = {shown(at, *table)};
}

const Registered<Hazard> kHazard{{
    .id = "mergeable-alters",
    .severity = Hazard::Severity::info,
    .summary = "Two ALTER TABLE in a row that each go through the rows",
    .why = "The sub-commands of one ALTER TABLE share one rewrite or one scan; two statements go through the "
           "table twice.",
    .safe_form = "One ALTER TABLE with both sub-commands.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
