#include "hazard/way_back.h"

#include "recipe/undo.h"
#include "sql/lexer.h"
#include "sql/written_table.h"

namespace martlet {
namespace {

// The table that the statement changes or writes to, where it changes no more than that.
const PgQuery__RangeVar* changed_table(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return node.alter_table_stmt->relation;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return node.index_stmt->relation;
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      return node.create_trig_stmt->relation;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return node.copy_stmt->is_from ? node.copy_stmt->relation : nullptr;
    default:
      return written_table(node);
  }
}

std::optional<std::string> way_back(const Case& at, const CatalogBefore& original) {
  if (!at.node || !at.effects.known || at.effects.error) return std::nullopt;
  const PgQuery__RangeVar* range = changed_table(*at.node);
  const Relation* table = range ? at.relation(range) : nullptr;
  if (table && !table->assumed && !original.relation(table->id)) return "";
  const Operation operation{
      .statement = at.statement, .node = *at.node, .catalog = at.catalog, .before = at.before, .session = at.session};
  return undo_sql(operation, original, *at.node);
}

}  // namespace

bool has_statements(const SourceText& source) {
  Lexer words(source.text, Dialect::postgres);
  while (words.accept(';')) continue;
  return words.next().kind != Token::Kind::end;
}

void note_way_back(std::optional<std::vector<std::string>>& undo, const Case& at, const CatalogBefore& original) {
  if (!undo) return;
  std::optional<std::string> back = way_back(at, original);
  if (!back) return undo.reset();
  if (!back->empty()) undo->insert(undo->begin(), std::move(*back));
}

}  // namespace martlet
