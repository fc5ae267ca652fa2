#include "hazard/sync_function.h"

#include <algorithm>

#include "base/text.h"
#include "hazard/look.h"
#include "sql/plpgsql.h"
#include "sql/tree.h"

namespace martlet {
namespace {

bool names_row(const std::string& sql) {
  const std::string text = lower(sql);
  return text.find("new.") != std::string::npos || text.find("old.") != std::string::npos;
}

std::optional<RowWrite> write_of(const Node& node, const std::string& sql) {
  RowWrite write{.from_new_row = names_row(sql)};
  if (node.node_case == PG_QUERY__NODE__NODE_INSERT_STMT) {
    const PgQuery__InsertStmt& insert = *node.insert_stmt;
    write.table = qualified_name(*insert.relation);
    if (const PgQuery__OnConflictClause* conflict = insert.on_conflict_clause) {
      write.upserts = conflict->action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_UPDATE;
      write.skips = conflict->action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_NOTHING;
    }
  } else if (node.node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) {
    write.kind = RowWrite::Kind::update;
    write.table = qualified_name(*node.update_stmt->relation);
  } else if (node.node_case == PG_QUERY__NODE__NODE_DELETE_STMT) {
    write.kind = RowWrite::Kind::remove;
    write.table = qualified_name(*node.delete_stmt->relation);
  } else {
    return std::nullopt;
  }
  return write;
}

// "new.email" → "email"; "" for anything that is not just a column of NEW.
std::string column_of_new(std::string_view text) {
  const std::string name = lower(trim(text));
  if (!name.starts_with("new.")) return "";
  const std::string column = name.substr(4);
  const bool is_plain = column.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  return is_plain ? column : "";
}

void add_copy(SyncFunction& function, const PlpgsqlPart& part) {
  if (part.conditions > 0) return;
  ColumnCopy copy{column_of_new(part.target), column_of_new(part.text)};
  if (!copy.target.empty() && !copy.source.empty() && copy.target != copy.source) function.copies.push_back(copy);
}

}  // namespace

bool is_guard(std::string_view sql) {
  const std::string text = lower(sql);
  for (const std::string_view guard :
       {"pg_trigger_depth", "current_setting", "is distinct from", "<> old.", "<> new.", "!= old.", "!= new."}) {
    if (text.find(guard) != std::string::npos) return true;
  }
  return false;
}

SyncFunction read_sync_function(const Function* function) {
  SyncFunction read;
  if (!function || function->language != "plpgsql") return read;
  read.is_guarded = is_guard(function->body);
  std::vector<Statement> statements;
  for (PlpgsqlPart& part : read_plpgsql(function->body).parts) {
    if (part.kind == PlpgsqlPart::Kind::assignment) add_copy(read, part);
    if (part.kind == PlpgsqlPart::Kind::statement) statements.push_back({.text = std::move(part.text)});
  }
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    std::optional<RowWrite> write = node ? write_of(*node, statement.text) : std::nullopt;
    if (write) read.writes.push_back(std::move(*write));
  });
  return read;
}

const Function* trigger_function(const Catalog& catalog, const SessionState& session,
                                 const PgQuery__CreateTrigStmt& create) {
  return find_function(catalog, session, qualified_name(create.n_funcname, create.funcname));
}

bool is_named(const Relation& relation, const QualifiedName& name) {
  return relation.name == name.name && (name.schema.empty() || name.schema == relation.schema);
}

}  // namespace martlet
