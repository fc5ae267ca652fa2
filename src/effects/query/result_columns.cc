// The columns of a query's result (parse_target.c, FigureColname).
#include <algorithm>

#include "effects/expression.h"
#include "effects/query/reader.h"

namespace martlet {
namespace {

std::string column_name(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return std::string(string_value(node.column_ref->fields[node.column_ref->n_fields - 1]));
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return qualified_name(node.func_call->n_funcname, node.func_call->funcname).name;
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      std::string inner = column_name(*node.type_cast->arg);
      const PgQuery__TypeName& type = *node.type_cast->type_name;
      return inner == "?column?" ? qualified_name(type.n_names, type.names).name : inner;
    }
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return "coalesce";
    case PG_QUERY__NODE__NODE_CASE_EXPR: {
      const Node* otherwise = node.case_expr->defresult;
      const std::string inner = otherwise ? column_name(*otherwise) : "?column?";
      return inner == "?column?" ? "case" : inner;
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return "array";
    case PG_QUERY__NODE__NODE_ROW_EXPR:
      return "row";
    case PG_QUERY__NODE__NODE_SUB_LINK: {
      if (node.sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK) return "exists";
      const PgQuery__SelectStmt& inner = *node.sub_link->subselect->select_stmt;
      if (node.sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK) return "array";
      if (inner.n_target_list == 0) return "?column?";
      const PgQuery__ResTarget& first = *inner.target_list[0]->res_target;
      return *first.name ? first.name : column_name(*first.val);
    }
    default:
      return "?column?";
  }
}

class ResultColumns {
 public:
  ResultColumns(QueryReader& reader, bool& all_known) : reader_(reader), all_known_(all_known) {}

  std::vector<Column> of(const PgQuery__SelectStmt& statement) {
    if (statement.larg) return of(*statement.larg);
    std::vector<FromItem> sources;
    for (const Node* each : list(statement.n_from_clause, statement.from_clause)) name_sources(*each, sources);
    if (statement.n_values_lists > 0) {
      for (std::size_t i = 0; i < statement.values_lists[0]->list->n_items; ++i) {
        add("column" + std::to_string(i + 1), {}, "");
      }
      return std::move(columns_);
    }
    for (const Node* each : list(statement.n_target_list, statement.target_list))
      add_target(*each->res_target, sources);
    return std::move(columns_);
  }

 private:
  const Relation* relation_of(const FromItem& source) const {
    return reader_.execution.catalog.relations.get(source.relation);
  }

  void name_sources(const Node& item, std::vector<FromItem>& sources) {
    if (item.node_case == PG_QUERY__NODE__NODE_JOIN_EXPR) {
      name_sources(*item.join_expr->larg, sources);
      name_sources(*item.join_expr->rarg, sources);
    } else if (item.node_case == PG_QUERY__NODE__NODE_RANGE_VAR) {
      const PgQuery__RangeVar& range = *item.range_var;
      const Relation* relation = reader_.execution.find_relation(qualified_name(range));
      sources.push_back(
          {.relation = relation ? relation->id : 0, .name = range.alias ? range.alias->aliasname : range.relname});
    } else {
      sources.push_back({});
    }
  }

  void add(std::string name, TypeUse type, std::string collation) {
    Column column{.number = static_cast<int>(columns_.size()) + 1,
                  .name = std::move(name),
                  .type = type,
                  .collation = std::move(collation)};
    const Type* known = reader_.execution.catalog.types.get(type.type);
    if (known) column.storage = known->storage;
    columns_.push_back(std::move(column));
  }

  void add_star(std::string_view of, const std::vector<FromItem>& sources) {
    for (const FromItem& source : sources) {
      if (!of.empty() && source.name != of) continue;
      const Relation* relation = relation_of(source);
      all_known_ &= relation && !relation->columns_unknown;
      if (!relation) continue;
      for (const Column& each : relation->columns) add(each.name, each.type, each.collation);
    }
  }

  void add_target(const PgQuery__ResTarget& target, const std::vector<FromItem>& sources) {
    if (!target.val) return;
    const bool is_column = target.val->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
    if (is_column) {
      const PgQuery__ColumnRef& reference = *target.val->column_ref;
      const Node& last = *reference.fields[reference.n_fields - 1];
      const std::string_view of = reference.n_fields > 1 ? string_value(reference.fields[reference.n_fields - 2]) : "";
      if (last.node_case == PG_QUERY__NODE__NODE_A_STAR) return add_star(of, sources);
    }
    const std::string name = *target.name ? target.name : column_name(*target.val);
    if (is_column) {
      const FromItem* source = source_of(reader_.execution.catalog, *target.val->column_ref, sources);
      const Relation* relation = source ? relation_of(*source) : nullptr;
      const Column* column = relation ? relation->column(column_name(*target.val)) : nullptr;
      return column ? add(name, column->type, column->collation) : add(name, {}, "");
    }
    const Relation* row = sources.size() == 1 ? relation_of(sources.front()) : nullptr;
    add(name, expression_type(*target.val, row), "");
  }

  TypeUse expression_type(const Node& node, const Relation* row) {
    if (node.node_case == PG_QUERY__NODE__NODE_SUB_LINK || !row) return {};
    return expression_facts(reader_.execution, node, row).type;
  }

  QueryReader& reader_;
  bool& all_known_;
  std::vector<Column> columns_;
};

}  // namespace

std::vector<Column> result_columns(QueryReader& reader, const PgQuery__SelectStmt& statement, bool& all_known) {
  all_known = true;
  return ResultColumns(reader, all_known).of(statement);
}

}  // namespace martlet
