#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool is_concurrent_reindex(const PgQuery__ReindexStmt& reindex) {
  return std::ranges::any_of(list(reindex.n_params, reindex.params), [](const Node* each) {
    const PgQuery__DefElem& option = *each->def_elem;
    if (std::string_view(option.defname) != "concurrently") return false;
    return !option.arg || !is_one_of(string_value(option.arg), {"false", "off", "0"});
  });
}

bool is_concurrent_detach(const Node* command) {
  const PgQuery__AlterTableCmd& detach = *command->alter_table_cmd;
  return detach.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition && detach.def &&
         detach.def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD && detach.def->partition_cmd->concurrent;
}

std::string_view concurrent_form(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return node.index_stmt->concurrent ? "CREATE INDEX CONCURRENTLY" : "";
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return node.drop_stmt->concurrent ? "DROP INDEX CONCURRENTLY" : "";
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      return is_concurrent_reindex(*node.reindex_stmt) ? "REINDEX CONCURRENTLY" : "";
    default:
      return std::ranges::any_of(alter_commands(node), is_concurrent_detach) ? "DETACH PARTITION CONCURRENTLY" : "";
  }
}

void check(const Case& at, Findings& found) {
  const std::string_view form = concurrent_form(*at.node);
  if (form.empty()) return;
  if (at.state.in_transaction) {
    found.offer(found.add(at, fmt::format("{} cannot run inside a transaction block", form)), at, nullptr);
  } else if (at.state.wants_transaction) {
    HazardFinding& finding = found.add(
        at, fmt::format("{} cannot run inside a transaction block, so nothing of this file runs in one: where a "
                        "statement fails, what those before it did stays",
                        form));
    finding.finding.next = "give it a migration of its own, or say `-- martlet:no-transaction`";
    finding.fix = TextFix{.file_without_transaction = true};
    found.offer(finding, at, nullptr);
  }
}

// Alone in its file, or among others of its kind, it takes nothing from anybody.
void finish(const Catalog&, const RunState& state, Findings& found) {
  if (state.can_roll_back) return;
  found.withdraw([](const HazardFinding& each) { return each.fix.has_value(); });
}

const Registered<Hazard> kHazard{{
    .id = "concurrently-in-transaction",
    .severity = Hazard::Severity::error,
    .summary = "CONCURRENTLY in a transaction, or in a file that wants one",
    .why = "What is done CONCURRENTLY commits several times on its way, so the server refuses it in a transaction "
           "(SQLSTATE 25001), also where a tool sends a file of several statements as one query. martlet then runs "
           "the whole file outside a transaction, and a failure in its middle leaves the first half behind.",
    .safe_form = "One statement with CONCURRENTLY a file, and nothing else in it.",
    .recipe = "own-transaction",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT, PG_QUERY__NODE__NODE_DROP_STMT, PG_QUERY__NODE__NODE_REINDEX_STMT,
           PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .finish = finish,
}};

}  // namespace
}  // namespace martlet
