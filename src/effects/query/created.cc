#include "effects/query/created.h"

#include <fmt/format.h>

#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"

namespace martlet {

namespace {

void require_distinct_names(const Execution& execution, const std::vector<Column>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (columns[i].name != columns[j].name) continue;
      execution.fail("42701", fmt::format("column \"{}\" specified more than once", columns[i].name));
    }
  }
}

}  // namespace

void make_from_query(QueryReader& reader, const PgQuery__IntoClause& into, const PgQuery__SelectStmt& query,
                     RelationKind kind, bool if_not_exists) {
  Execution& execution = reader.execution;
  std::optional<Relation> made = begin_relation(execution, *into.rel, kind, if_not_exists);
  if (!made) return;
  bool all_known = true;
  made->columns = result_columns(reader, query, all_known);
  made->columns_unknown = !all_known;
  std::size_t i = 0;
  for (const std::string& name : string_values(into.n_col_names, into.col_names)) {
    if (i >= made->columns.size()) {
      if (!all_known) break;
      execution.fail("42601", "too many column names were specified");
    }
    made->columns[i++].name = name;
  }
  require_distinct_names(execution, made->columns);
  made->access_method = *into.access_method ? into.access_method : "heap";
  if (*into.table_space_name) require_tablespace(execution, into.table_space_name);
  made->tablespace = stored_tablespace(into.table_space_name);
  made->options = option_texts(into.n_options, into.options);
  made->pages = into.skip_data ? 0 : -1;
  if (kind == RelationKind::materialized_view) {
    made->view = ViewFacts{.uses = reader.dependencies(), .populated = into.skip_data == 0};
  }
  execution.catalog.add_relation(std::move(*made));
}

}  // namespace martlet
