#include "effects/execute.h"

#include <unordered_map>

#include "base/registry.h"
#include "effects/estimate.h"
#include "effects/statement_kind.h"
#include "effects/transactional.h"

namespace martlet {
namespace {

const StatementKind* kind_of(const Node& node) {
  static const std::unordered_map<int, const StatementKind*> kKinds = [] {
    std::unordered_map<int, const StatementKind*> kinds;
    for (const StatementKind* each : Registry<StatementKind>::all()) {
      kinds.emplace(each->node, each);
      for (const PgQuery__Node__NodeCase also : each->also) kinds.emplace(also, each);
    }
    return kinds;
  }();
  const auto at = kKinds.find(node.node_case);
  return at == kKinds.end() ? nullptr : at->second;
}

/// A server of the grammar's own version refuses what the grammar refuses; a newer one may know more.
constexpr int kNewerThanGrammar = 160000;

Effects not_analysed(const Statement& statement, const Tree& tree, const Catalog& catalog) {
  Effects effects;
  if (tree.analysed && !tree.error.empty()) effects.error = {"42601", tree.error};
  effects.known = effects.error && catalog.complete && catalog.server_version < kNewerThanGrammar;
  if (effects.known) return effects;
  effects.unknown_reason = tree.error.empty() ? "too long or too deeply nested to be analysed" : tree.error;
  effects.transactional = transactionality(statement, Dialect::postgres).transactional();
  return effects;
}

}  // namespace

void execute_node(Execution& execution, const Node& node) {
  if (const StatementKind* kind = kind_of(node)) return kind->execute(execution, node);
  execution.not_known("this kind of statement is not in the model");
}

Effects execute(const Statement& statement, const Tree& tree, Catalog& catalog, SessionState& session) {
  const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
  if (!node) return not_analysed(statement, tree, catalog);
  Effects effects;
  const CatalogMark begin = catalog.mark();
  const SessionState session_before = session;
  Execution execution(catalog, session, statement, effects);
  try {
    execute_node(execution, *node);
    effects.estimate = estimate_time(effects, *node, catalog, CatalogBefore(catalog, begin));
  } catch (const StatementError& error) {
    catalog.roll_back(begin);
    session = session_before;
    effects.relations.clear();
    effects.error = {error.sqlstate, error.message};
  }
  return effects;
}

}  // namespace martlet
