// TRUNCATE (tablecmds.c, ExecuteTruncateGuts).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

class Truncation {
 public:
  explicit Truncation(Execution& execution) : execution_(execution) {}

  void add(ObjectId id, bool with_children) {
    execution_.lock(id, LockMode::access_exclusive);
    const Relation& table = *execution_.catalog.relations.get(id);
    const bool fits = table.kind == RelationKind::table || table.kind == RelationKind::partitioned_table ||
                      table.kind == RelationKind::foreign_table;
    if (!fits) execution_.fail("42809", fmt::format("\"{}\" is not a table", table.name));
    if (std::ranges::find(tables_, id) != tables_.end()) return;
    tables_.push_back(id);
    if (table.kind == RelationKind::partitioned_table && !with_children) {
      execution_.fail("42809", "cannot truncate only a partitioned table");
    }
    const std::vector<ObjectId> children = with_children ? table.children : std::vector<ObjectId>();
    for (const ObjectId child : children) add(child, true);
  }

  /// CASCADE: all that refer to them, and to those; else nothing may.
  void add_referrers(bool cascade) {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const std::vector<ObjectId> referrers = execution_.catalog.relations.get(tables_[i])->referrers;
      for (const ObjectId referrer : referrers) {
        if (std::ranges::find(tables_, referrer) != tables_.end()) continue;
        if (!cascade) execution_.fail("0A000", "cannot truncate a table referenced in a foreign key constraint");
        add(referrer, true);
      }
    }
  }

  void run(bool restart_sequences) {
    for (const ObjectId id : tables_) {
      const Relation& table = *execution_.catalog.relations.get(id);
      for (const ObjectId sequence : restart_sequences ? table.sequences : std::vector<ObjectId>()) {
        execution_.lock(sequence, LockMode::access_exclusive);
        execution_.new_file(sequence);
      }
      if (!table.is_heap()) continue;
      execution_.rewrite(id);
      Relation& emptied = execution_.catalog.relations.edit(id);
      emptied.pages = 0;
      emptied.tuples = -1;
    }
  }

 private:
  Execution& execution_;
  std::vector<ObjectId> tables_;
};

void execute_truncate(Execution& execution, const Node& node) {
  const PgQuery__TruncateStmt& statement = *node.truncate_stmt;
  Truncation truncation(execution);
  for (const Node* each : list(statement.n_relations, statement.relations)) {
    const ObjectId table = execution.relation(qualified_name(*each->range_var)).id;
    truncation.add(table, each->range_var->inh != 0);
  }
  truncation.add_referrers(statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  truncation.run(statement.restart_seqs != 0);
}

const Registered<StatementKind> kTruncate{
    {.id = "TruncateStmt", .node = PG_QUERY__NODE__NODE_TRUNCATE_STMT, .execute = execute_truncate}};

}  // namespace
}  // namespace martlet
