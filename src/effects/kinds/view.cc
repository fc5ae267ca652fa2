// CREATE [OR REPLACE] VIEW (view.c, DefineView).
#include <fmt/format.h>

#include <vector>

#include "base/registry.h"
#include "effects/coercion.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

struct NewView {
  std::vector<Column> columns;
  bool all_known = true;
  ViewFacts facts;
};

NewView read_view(Execution& execution, const PgQuery__ViewStmt& statement) {
  NewView view;
  QueryReader reader(execution);
  reader.until = Until::analysed;
  reader.select(*statement.query->select_stmt);
  view.columns = result_columns(reader, *statement.query->select_stmt, view.all_known);
  std::size_t i = 0;
  for (const std::string& name : string_values(statement.n_aliases, statement.aliases)) {
    if (i < view.columns.size()) view.columns[i++].name = name;
  }
  view.facts.uses = reader.dependencies();
  view.facts.definition = deparse_statement(*statement.query);
  return view;
}

// checkViewTupleDesc
void require_same_beginning(const Execution& execution, const Relation& old, const NewView& view) {
  if (!view.all_known || old.columns_unknown) return;
  if (view.columns.size() < old.columns.size()) execution.fail("42P16", "cannot drop columns from view");
  for (std::size_t i = 0; i < old.columns.size(); ++i) {
    const Column& before = old.columns[i];
    const Column& after = view.columns[i];
    if (before.name != after.name) {
      execution.fail("42P16",
                     fmt::format("cannot change name of view column \"{}\" to \"{}\"", before.name, after.name));
    }
    if (before.type == after.type || before.type.type == 0 || after.type.type == 0) continue;
    execution.fail("42P16",
                   fmt::format("cannot change data type of view column \"{}\" from {} to {}", before.name,
                               type_text(execution.catalog, before.type), type_text(execution.catalog, after.type)));
  }
}

void replace_view(Execution& execution, ObjectId id, NewView view) {
  execution.lock(id, LockMode::access_exclusive);
  const Relation& old = *execution.catalog.relations.get(id);
  if (old.kind != RelationKind::view) execution.fail("42809", fmt::format("\"{}\" is not a view", old.name));
  require_same_beginning(execution, old, view);
  execution.catalog.change_reader(id, [&](Relation& changed) {
    changed.columns = std::move(view.columns);
    changed.columns_unknown = !view.all_known;
    changed.view = std::move(view.facts);
  });
}

void execute_view(Execution& execution, const Node& node) {
  const PgQuery__ViewStmt& statement = *node.view_stmt;
  NewView view = read_view(execution, statement);
  const QualifiedName name = qualified_name(*statement.view);
  const std::string schema = execution.creation_schema(name);
  const Relation* existing = execution.catalog.relations.find(schema, name.name);
  if (existing && statement.replace) return replace_view(execution, existing->id, std::move(view));
  std::optional<Relation> made = begin_relation(execution, *statement.view, RelationKind::view, false);
  made->columns = std::move(view.columns);
  made->columns_unknown = !view.all_known;
  made->view = std::move(view.facts);
  made->options = option_texts(statement.n_options, statement.options);
  execution.catalog.add_relation(std::move(*made));
}

const Registered<StatementKind> kView{
    {.id = "ViewStmt", .node = PG_QUERY__NODE__NODE_VIEW_STMT, .execute = execute_view}};

}  // namespace
}  // namespace martlet
