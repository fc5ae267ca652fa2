// COMMENT ON and SECURITY LABEL: relations and columns are locked (objectaddress.c, get_object_address).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

template <class Part>
void require_part(const Execution& execution, const Relation& table, const std::vector<Part>& parts,
                  std::string_view name, std::string_view words) {
  if (table.assumed || std::ranges::find(parts, name, &Part::name) != parts.end()) return;
  const std::string_view link = words == "rule" ? "relation" : "table";
  execution.fail("42704", fmt::format("{} \"{}\" for {} \"{}\" does not exist", words, name, link, table.name));
}

// A constraint, trigger, policy or rule of a table, which is locked to look.
void comment_on_part(Execution& execution, PgQuery__ObjectType type, const PgQuery__List& name) {
  const Relation& table = execution.relation(qualified_name(name.n_items - 1, name.items));
  execution.lock(table.id, LockMode::access_share);
  const std::string_view part = string_value(name.items[name.n_items - 1]);
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER) require_part(execution, table, table.triggers, part, "trigger");
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY) require_part(execution, table, table.policies, part, "policy");
  // A view's query is a rule of this name.
  if (table.kind == RelationKind::view && part == "_RETURN") return;
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_RULE) require_part(execution, table, table.rules, part, "rule");
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT) {
    require_part(execution, table, table.constraints, part, "constraint");
  }
}

void comment_on_column(Execution& execution, const PgQuery__List& name) {
  const Relation& table = execution.relation(qualified_name(name.n_items - 1, name.items));
  execution.lock(table.id, LockMode::share_update_exclusive);
  const std::string_view column = string_value(name.items[name.n_items - 1]);
  if (!is_system_column(column)) column_number(execution, table.id, column);
}

void comment_on_relation(Execution& execution, PgQuery__ObjectType type, const Node& object) {
  const Relation& relation = execution.relation(object_name(object), named_kind(type));
  execution.lock(relation.id, LockMode::share_update_exclusive);
  require_exact_kind(execution, relation, type);
}

void comment_on_other(Execution& execution, PgQuery__ObjectType type, const Node& object) {
  if (object.node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
    return static_cast<void>(require_type(execution, object_name(object)));
  }
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA) return require_schema(execution, object_name(object).name);
  if (object.node_case != PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS || type == PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR)
    return;
  const PgQuery__ObjectWithArgs& name = *object.object_with_args;
  if (execution.catalog.complete && !find_function(execution, name)) {
    execution.fail("42883", fmt::format("{} {} does not exist", object_words(type), function_text(name)));
  }
}

void comment_on(Execution& execution, PgQuery__ObjectType type, const Node& object) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return comment_on_relation(execution, type, object);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      return comment_on_column(execution, *object.list);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      return comment_on_part(execution, type, *object.list);
    default:
      return comment_on_other(execution, type, object);
  }
}

// ExecSecLabelStmt. Providers come with libraries; where none is loaded from the beginning, there is none.
void require_label_provider(Execution& execution) {
  if (!execution.catalog.complete) return;
  if (!execution.catalog.server.preloads_libraries) {
    execution.fail("22023", "no security label providers have been loaded");
  }
  execution.not_known("which security label providers are loaded is not in the model");
}

void execute_comment(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_COMMENT_STMT) {
    return comment_on(execution, node.comment_stmt->objtype, *node.comment_stmt->object);
  }
  require_label_provider(execution);
  comment_on(execution, node.sec_label_stmt->objtype, *node.sec_label_stmt->object);
}

const Registered<StatementKind> kComment{{.id = "CommentStmt",
                                          .node = PG_QUERY__NODE__NODE_COMMENT_STMT,
                                          .execute = execute_comment,
                                          .also = {PG_QUERY__NODE__NODE_SEC_LABEL_STMT}}};

}  // namespace
}  // namespace martlet
