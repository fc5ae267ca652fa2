#include "effects/query/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "effects/definition.h"
#include "effects/lookup.h"
#include "effects/query/dml.h"
#include "sql/walk.h"

namespace martlet {
namespace {

// enum.c, check_safe_enum_use
void refuse_new_label(Execution& execution, const PgQuery__TypeCast& cast) {
  const Node* value = cast.arg;
  if (!value || value->node_case != PG_QUERY__NODE__NODE_A_CONST || !cast.type_name) return;
  if (value->a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL) return;
  const Type* type = find_type(execution, *cast.type_name);
  const std::string label = value->a_const->sval->sval;
  if (!type || !execution.session.new_labels.contains({type->id, label})) return;
  execution.fail("55P04", fmt::format("unsafe use of new value \"{}\" of enum type {}", label, type->name));
}

bool is_system(const Relation& relation) {
  return relation.schema == "pg_catalog" || relation.schema == "information_schema";
}

void require_populated(const Execution& execution, const Relation& relation) {
  if (relation.kind != RelationKind::materialized_view || !relation.view || relation.view->populated) return;
  execution.fail("55000", fmt::format("materialized view \"{}\" has not been populated", relation.name));
}

// CheckValidRowMarkRel
void require_lockable_rows(const Execution& execution, const Relation& relation) {
  if (relation.kind != RelationKind::materialized_view && relation.kind != RelationKind::sequence) return;
  execution.fail("42809", fmt::format("cannot lock rows in {} \"{}\"", kind_word(relation.kind), relation.name));
}

}  // namespace

void QueryReader::query(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return select(*node.select_stmt);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return insert_rows(*this, *node.insert_stmt);
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return update_rows(*this, *node.update_stmt);
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return delete_rows(*this, *node.delete_stmt);
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return merge_rows(*this, *node.merge_stmt);
    default:
      return execute_node(execution, node);
  }
}

void QueryReader::nested_query(const Node& node) {
  ++depth_;
  const bool was_in_with = std::exchange(in_with, false);
  query(node);
  in_with = was_in_with;
  --depth_;
}

std::size_t QueryReader::with(const PgQuery__WithClause* clause) {
  const std::size_t before = ctes_.size();
  if (!clause) return before;
  for (const Node* each : list(clause->n_ctes, clause->ctes)) {
    const PgQuery__CommonTableExpr& cte = *each->common_table_expr;
    if (clause->recursive) ctes_.emplace_back(cte.ctename);
    const bool was_in_with = std::exchange(in_with, true);
    ++depth_;
    query(*cte.ctequery);
    --depth_;
    in_with = was_in_with;
    if (!clause->recursive) ctes_.emplace_back(cte.ctename);
  }
  return before;
}

void QueryReader::select(const PgQuery__SelectStmt& statement) {
  const std::size_t ctes = with(statement.with_clause);
  if (statement.larg) select(*statement.larg);
  if (statement.rarg) select(*statement.rarg);
  std::vector<FromItem> sources;
  std::vector<const Node*> conditions;
  for (const Node* each : list(statement.n_from_clause, statement.from_clause)) from(*each, sources, conditions);
  split_conditions(statement.where_clause, conditions);
  for (const auto& [count, nodes] : {std::pair{statement.n_target_list, statement.target_list},
                                     {statement.n_values_lists, statement.values_lists},
                                     {statement.n_group_clause, statement.group_clause},
                                     {statement.n_sort_clause, statement.sort_clause},
                                     {statement.n_distinct_clause, statement.distinct_clause}}) {
    expressions(count, nodes);
  }
  for (const Node* each :
       {statement.where_clause, statement.having_clause, statement.limit_count, statement.limit_offset}) {
    if (each) expression(*each);
  }
  if (!statement.larg) {
    for (const Node* each : list(statement.n_target_list, statement.target_list)) columns(*each, sources);
    if (statement.where_clause) columns(*statement.where_clause, sources);
  }
  if (sources.size() == 1) sources.front().restricted = is_answered_in_order(statement, sources.front());
  if (sources.size() == 1 && read_limited(statement, sources.front())) sources.front().relation = 0;
  scan(sources, conditions, wants_nothing(execution, statement.where_clause));
  lock_rows(statement, sources);
  forget(ctes);
}

bool QueryReader::is_cte(const PgQuery__RangeVar& range) const {
  return !*range.schemaname && std::ranges::find(ctes_, range.relname) != ctes_.end();
}

void QueryReader::from_relation(const PgQuery__RangeVar& range, std::vector<FromItem>& sources) {
  const std::string name = range.alias ? range.alias->aliasname : range.relname;
  if (is_cte(range)) return sources.push_back({.name = name});
  const Relation& relation = execution.relation(qualified_name(range));
  if (relation.is_index() || relation.kind == RelationKind::composite_type) {
    execution.fail("42809", fmt::format("cannot open relation \"{}\"", relation.name));
  }
  if (std::ranges::find(named, relation.id) == named.end()) named.push_back(relation.id);
  sources.push_back(
      {.relation = relation.id, .name = name, .children = range.inh ? Children::with : Children::without});
}

void QueryReader::from(const Node& item, std::vector<FromItem>& sources, std::vector<const Node*>& conditions) {
  switch (item.node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      return from_relation(*item.range_var, sources);
    case PG_QUERY__NODE__NODE_JOIN_EXPR: {
      const PgQuery__JoinExpr& join = *item.join_expr;
      from(*join.larg, sources, conditions);
      from(*join.rarg, sources, conditions);
      if (!sources.empty()) sources.back().merged = string_values(join.n_using_clause, join.using_clause);
      if (!sources.empty() && join.is_natural) sources.back().merged.emplace_back("*");
      if (!join.quals) return;
      expression(*join.quals);
      split_conditions(join.quals, conditions);
      return columns(*join.quals, sources);
    }
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT: {
      const PgQuery__RangeSubselect& range = *item.range_subselect;
      ++depth_;
      query(*range.subquery);
      --depth_;
      return sources.push_back({.name = range.alias ? range.alias->aliasname : ""});
    }
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
      return from(*item.range_table_sample->relation, sources, conditions);
    default:
      expression(item);
      sources.push_back({});
  }
}

bool QueryReader::is_answered_in_order(const PgQuery__SelectStmt& statement, const FromItem& item) const {
  const Relation* table = execution.catalog.relations.get(item.relation);
  if (!table || statement.where_clause || statement.n_group_clause > 0) return false;
  const auto leads = [&](const Node* node) {
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
    const PgQuery__ColumnRef& reference = *node->column_ref;
    const Column* column = table->column(string_value(reference.fields[reference.n_fields - 1]));
    return column && is_leading_column(execution.catalog, *table, column->number);
  };
  if (statement.limit_count && statement.n_sort_clause > 0) return leads(statement.sort_clause[0]->sort_by->node);
  if (statement.n_target_list != 1 || !statement.target_list[0]->res_target->val) return false;
  const Node& only = *statement.target_list[0]->res_target->val;
  if (only.node_case != PG_QUERY__NODE__NODE_FUNC_CALL || only.func_call->n_args != 1) return false;
  const std::string name = qualified_name(only.func_call->n_funcname, only.func_call->funcname).name;
  return (name == "min" || name == "max") && leads(only.func_call->args[0]);
}

void QueryReader::expressions(std::size_t count, Node* const* nodes) {
  for (const Node* each : list(count, nodes)) expression(*each);
}

void QueryReader::expression(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
    case PG_QUERY__NODE__NODE_COLUMN_REF:
    case PG_QUERY__NODE__NODE_PARAM_REF:
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
    case PG_QUERY__NODE__NODE_STRING:
      return;
    case PG_QUERY__NODE__NODE_RES_TARGET:
      if (node.res_target->val) expression(*node.res_target->val);
      return;
    case PG_QUERY__NODE__NODE_LIST:
      return expressions(node.list->n_items, node.list->items);
    case PG_QUERY__NODE__NODE_TYPE_CAST:
      if (node.type_cast->arg) expression(*node.type_cast->arg);
      if (!execution.session.new_labels.empty()) refuse_new_label(execution, *node.type_cast);
      return;
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      call(*node.func_call);
      return expressions(node.func_call->n_args, node.func_call->args);
    case PG_QUERY__NODE__NODE_SUB_LINK:
      if (node.sub_link->testexpr) expression(*node.sub_link->testexpr);
      ++depth_;
      query(*node.sub_link->subselect);
      --depth_;
      return;
    default:
      each_child(node, [this](const Node& child) { expression(child); });
  }
}

void QueryReader::read_relation(ObjectId id, QueryReading reading, Children heirs) {
  const Relation* relation = execution.catalog.relations.get(id);
  if (!relation || is_system(*relation)) return;
  execution.lock(id, LockMode::access_share);
  if (runs() && reading != QueryReading::nothing) require_populated(execution, *relation);
  if (relation->is_heap() && reading == QueryReading::whole && runs()) execution.scan(id);
  for (const ObjectId index : relation->indexes) execution.lock(index, LockMode::access_share);
  if (!relation->is_index() && heirs == Children::with) {
    const std::vector<ObjectId> children = relation->children;
    for (const ObjectId child : children) read_relation(child, reading);
  }
  if (relation->kind != RelationKind::view || !relation->view) return;
  std::vector<ObjectId> read;
  for (const ColumnUse& use : relation->view->uses) {
    if (use.relation != id && std::ranges::find(read, use.relation) == read.end()) read.push_back(use.relation);
  }
  for (const ObjectId each : read) read_relation(each, reading);
}

void QueryReader::scan(std::vector<FromItem>& sources, const std::vector<const Node*>& conditions, bool nothing) {
  const Catalog& catalog = execution.catalog;
  // A join leads by index to rows of one side once the other side's are few.
  for (bool again = true; again;) {
    again = false;
    for (FromItem& source : sources) {
      if (source.restricted || source.relation == 0) continue;
      const bool leads = std::ranges::any_of(conditions, [&](const Node* condition) {
        const Restriction how = restriction(catalog, *condition, source, sources);
        return how == Restriction::constant;
      });
      source.restricted = leads;
      again |= leads;
    }
  }
  for (const FromItem& source : sources) {
    const QueryReading reading = nothing             ? QueryReading::nothing
                                 : source.restricted ? QueryReading::by_index
                                                     : QueryReading::whole;
    if (source.relation != 0 && !source.is_target) read_relation(source.relation, reading, source.children);
  }
}

// FOR UPDATE and the like lock ROW SHARE.
void QueryReader::lock_rows(const PgQuery__SelectStmt& statement, const std::vector<FromItem>& sources) {
  for (const Node* each : list(statement.n_locking_clause, statement.locking_clause)) {
    const PgQuery__LockingClause& clause = *each->locking_clause;
    for (const FromItem& source : sources) {
      const bool is_meant = clause.n_locked_rels == 0 ||
                            std::ranges::any_of(list(clause.n_locked_rels, clause.locked_rels), [&](const Node* rel) {
                              return rel->range_var->relname == source.name;
                            });
      if (source.relation == 0 || !is_meant) continue;
      require_lockable_rows(execution, *execution.catalog.relations.get(source.relation));
      execution.lock(source.relation, LockMode::row_share);
    }
  }
}

}  // namespace martlet
