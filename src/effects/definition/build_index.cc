// CREATE INDEX, as it is written → a plan (indexcmds.c, DefineIndex).
#include "effects/alter_table/action.h"
#include "effects/definition/parts.h"
#include "effects/definition/storage_options.h"

namespace martlet {

void require_possible(const Execution& execution, const IndexPlan& plan, const IndexDemands& demands) {
  const Relation& table = *execution.catalog.relations.get(plan.table);
  if (!plan.tablespace.empty()) require_tablespace(execution, plan.tablespace);
  if (plan.tablespace == "pg_default" && table.is_partitioned()) {
    execution.fail("0A000", "cannot specify default tablespace for partitioned relations");
  }
  require_access_method(execution, plan.definition.method, demands);
  // An access method of an extension has options of its own.
  const std::optional<OptionHolder> holder = option_holder_of_method(plan.definition.method);
  if (holder) require_options(execution, holder, demands.options.size(), demands.options.data());
}

ObjectId build_index(Execution& execution, const PgQuery__IndexStmt& statement, ObjectId table) {
  const LockMode mode = statement.concurrent ? LockMode::share_update_exclusive : LockMode::share;
  execution.lock(table, mode);
  IndexPlan plan{.table = table,
                 .name = statement.idxname,
                 .options = option_texts(statement.n_options, statement.options),
                 .tablespace = statement.table_space,
                 .concurrently = statement.concurrent != 0,
                 .recurse = statement.relation == nullptr || statement.relation->inh};
  if (plan.recurse && execution.catalog.relations.get(table)->is_partitioned())
    lock_descendants(execution, table, mode);
  plan.definition.unique = statement.unique != 0;
  plan.definition.nulls_not_distinct = statement.nulls_not_distinct != 0;
  if (*statement.access_method) plan.definition.method = statement.access_method;
  require_possible(execution, plan,
                   {.unique = plan.definition.unique,
                    .keys = statement.n_index_params,
                    .included = statement.n_index_including_params,
                    .options = list(statement.n_options, statement.options)});
  read_keys(execution, plan, statement.n_index_params, statement.index_params);
  for (const Node* each : list(statement.n_index_including_params, statement.index_including_params)) {
    read_included(execution, plan, each->index_elem->name);
  }
  read_predicate(execution, plan, statement.where_clause);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (statement.if_not_exists && *statement.idxname) {
    if (const Relation* existing = execution.catalog.relations.find(relation.schema, statement.idxname)) {
      return existing->id;
    }
  }
  return make_index(execution, std::move(plan));
}

}  // namespace martlet
