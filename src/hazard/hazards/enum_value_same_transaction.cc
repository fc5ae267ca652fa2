#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/walk.h"

namespace martlet {
namespace {

// The first constant that is one of the labels, or nullptr.
const PgQuery__AConst* find_label(const Node& node, const std::vector<std::string>& labels) {
  if (node.node_case == PG_QUERY__NODE__NODE_A_CONST) {
    const std::optional<std::string_view> text = string_constant(&node);
    return text && std::ranges::find(labels, *text) != labels.end() ? node.a_const : nullptr;
  }
  const PgQuery__AConst* found = nullptr;
  each_child(node, [&](const Node& child) {
    if (!found) found = find_label(child, labels);
  });
  return found;
}

void check(const Case& at, Findings& found) {
  if (at.state.enum_labels.empty() || !at.state.in_transaction) return;
  const PgQuery__AConst* label = find_label(*at.node, at.state.enum_labels);
  if (!label) return;
  HazardFinding& finding =
      found.add(at,
                fmt::format("'{}' was added to its enum in this transaction, and cannot be used before it is committed",
                            label->sval->sval),
                label->location);
  if (!at.in_body) found.offer(finding, at, nullptr);
}

const Registered<Hazard> kHazard{{
    .id = "enum-value-same-transaction",
    .severity = Hazard::Severity::error,
    .summary = "a value is used in the transaction that adds it to an enum",
    .why = "PostgreSQL refuses it with 55P04 (unsafe use of new value), unless the type was created in the same "
           "transaction: the whole file fails.",
    .safe_form = "Add the value in a migration of its own, and use it in the next one.",
    .recipe = "own-transaction",
    .on = {PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_UPDATE_STMT, PG_QUERY__NODE__NODE_DELETE_STMT,
           PG_QUERY__NODE__NODE_SELECT_STMT, PG_QUERY__NODE__NODE_MERGE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT,
           PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT, PG_QUERY__NODE__NODE_INDEX_STMT,
           PG_QUERY__NODE__NODE_VIEW_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
