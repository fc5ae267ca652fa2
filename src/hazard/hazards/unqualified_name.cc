#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// The relation that a statement of the schema is about, or nullptr.
const PgQuery__RangeVar* subject(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return node.create_stmt->relation;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return node.alter_table_stmt->relation;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return node.index_stmt->relation;
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return node.rename_stmt->relation;
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return node.view_stmt->view;
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      return node.create_trig_stmt->relation;
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return node.create_seq_stmt->sequence;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      return node.create_table_as_stmt->into->rel;
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return node.create_policy_stmt->table;
    default:
      return nullptr;
  }
}

void check(const Case& at, Findings& found) {
  const PgQuery__RangeVar* range = subject(*at.node);
  if (!range || *range->schemaname) return;
  const bool is_temporary = range->relpersistence && range->relpersistence[0] == 't';
  const Relation* relation = find_relation(at.catalog, at.session, qualified_name(*range));
  if (!relation) relation = at.relation(range);
  if (is_temporary || (relation && relation->persistence == Persistence::temporary)) return;
  HazardFinding& finding =
      found.add(at, fmt::format("which {} it is depends on the search_path", shown(*range)), range->location);
  finding.relations = {shown(*range)};
  if (!relation) return;
  const auto begin = static_cast<std::size_t>(range->location);
  finding.fix = TextFix{.edits = {{begin, begin, QualifiedName{"", relation->schema}.text() + "."}}};
}

const Registered<Hazard> kHazard{{
    .id = "unqualified-name",
    .severity = Hazard::Severity::off,
    .summary = "a table is named without its schema",
    .why = "The search_path of the role or database that runs the migration decides which table is meant, or in which "
           "schema it is created; it may be another one on the next database.",
    .safe_form = "Write the schema: public.orders.",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_INDEX_STMT,
           PG_QUERY__NODE__NODE_RENAME_STMT, PG_QUERY__NODE__NODE_VIEW_STMT, PG_QUERY__NODE__NODE_CREATE_TRIG_STMT,
           PG_QUERY__NODE__NODE_CREATE_SEQ_STMT, PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT,
           PG_QUERY__NODE__NODE_CREATE_POLICY_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
