#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

// The one table of `SELECT * FROM …`, without conditions; nullptr for any other query.
const Relation* copied_table(const Case& at, const PgQuery__CreateTableAsStmt& create) {
  if (create.query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return nullptr;
  const PgQuery__SelectStmt& select = *create.query->select_stmt;
  const bool plain = select.n_from_clause == 1 && !select.where_clause && select.n_group_clause == 0 &&
                     !select.limit_count && select.from_clause[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR;
  return plain ? at.relation(select.from_clause[0]->range_var) : nullptr;
}

void check(const Case& at, Findings& found) {
  const PgQuery__CreateTableAsStmt& create = *at.node->create_table_as_stmt;
  if (create.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || create.into->skip_data) return;
  const Relation* source = copied_table(at, create);
  const RelationEffect* effect = source ? at.effects.on(source->id) : nullptr;
  if (!effect || !effect->scan || at.is_new(source->id)) return;
  HazardFinding& finding =
      found.add(at, fmt::format("{} is made from all rows of {}, without its keys, defaults, constraints and indexes",
                                shown(*create.into->rel), sized(at, *source)));
  finding.relations = {shown(at, *source)};
  found.offer(finding, at, source);
}

const Registered<Hazard> kHazard{{
    .id = "create-table-as-large",
    .severity = Hazard::Severity::warning,
    .summary = "CREATE TABLE … AS that copies a table",
    .why = "Keys, NOT NULL, defaults, CHECKs, indexes, triggers and rights stay behind; what is written to "
           "the source meanwhile is not in the copy; and the whole source is read in one transaction, which "
           "keeps VACUUM from removing anything.",
    .safe_form = "CREATE TABLE … (LIKE … INCLUDING ALL), then the rows by key, a batch at a time; triggers that "
                 "keep the copy in step before the first batch where the source stays in use.",
    .recipe = "copy-table",
    .on = {PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
