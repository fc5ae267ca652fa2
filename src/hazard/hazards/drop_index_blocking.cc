#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/impact.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// Behind the word INDEX.
TextFix concurrently(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  words.accept("drop");
  const Token index = words.next();
  const std::size_t behind = index.offset + index.text.size();
  return {.edits = {{behind, behind, " CONCURRENTLY"}}, .file_without_transaction = true};
}

void check(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || drop.concurrent) return;
  std::vector<std::string> tables;
  bool partitioned = false;
  for (const Node* object : list(drop.n_objects, drop.objects)) {
    const Relation* index = at.relation(qualified_name(object->list->n_items, object->list->items));
    if (!index || !index->index || at.is_new(index->id) || at.is_new(index->index->table)) continue;
    const Relation* table = at.before.relation(index->index->table);
    const RelationEffect* effect = table ? at.effects.on(table->id) : nullptr;
    if (!effect || effect->strongest() != LockMode::access_exclusive) continue;
    tables.push_back(sized(at, *table));
    partitioned = partitioned || index->kind == RelationKind::partitioned_index;
  }
  if (tables.empty()) return;
  HazardFinding& finding =
      found.add(at, fmt::format("DROP INDEX locks {} ACCESS EXCLUSIVE: it queues behind every running query, and "
                                "everybody else behind it",
                                join(tables, ", ")));
  finding.relations = tables;
  if (partitioned) return;
  if (drop.n_objects == 1 && drop.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
    finding.fix = concurrently(at.statement);
  }
  found.offer(finding, at, nullptr);
}

const Registered<Hazard> kHazard{{
    .id = "drop-index-blocking",
    .severity = Hazard::Severity::warning,
    .summary = "DROP INDEX without CONCURRENTLY",
    .why = "The table is locked ACCESS EXCLUSIVE: only for a moment, but the statement queues behind every "
           "query that is running, and every later one queues behind it.",
    .safe_form = "DROP INDEX CONCURRENTLY, outside a transaction, one index a statement. An index of a partitioned "
                 "table can only be dropped the blocking way.",
    .recipe = "drop-index",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
