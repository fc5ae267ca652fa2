#include "run/batching.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/execute.h"
#include "effects/search_path.h"
#include "migration/arguments.h"
#include "migration/directive.h"
#include "recipe/recipe.h"
#include "sql/tree.h"
#include "sql/written_table.h"

namespace martlet {
namespace {

Error refusal(const Place& place, std::string why) {
  return Error(ErrorKind::validation, "cannot run in batches: " + std::move(why))
      .at(place)
      .leaves("nothing was run")
      .next(
          "remove `-- martlet:batch` to run the statement as it is written, or see docs/formats.md for what it can do");
}

int last_line(const Statement& statement) {
  return statement.place.line + static_cast<int>(std::ranges::count(statement.text, '\n'));
}

// The statement that begins on the first line behind the directive's.
ScriptStatement& statement_behind(const Directive& directive, Script& script) {
  for (ScriptStatement& at : script.statements) {
    if (last_line(at.statement) < directive.place.line) continue;
    if (at.statement.place.line > directive.place.line) return at;
    throw refusal(directive.place, "the directive stands within a statement; it belongs on a line before it");
  }
  throw refusal(directive.place, "no statement stands behind the directive");
}

bool changes_rows(const Statement& statement) {
  const std::string word = lower(std::string_view(statement.text).substr(0, statement.text.find_first_of(" \t\n(")));
  return word == "update" || word == "delete" || word == "insert" || word == "with";
}

// The arguments were checked when the file was read.
BatchWish wish_of(const Directive& directive) {
  BatchWish wish{.place = directive.place};
  const auto values = key_values(directive.arguments);
  if (!values) return wish;
  for (const auto& [key, text] : *values) {
    if (key == "size") wish.size = std::stol(text);
    if (key == "pause") wish.pause = parse_duration(text, key);
    if (key == "key") wish.key = split_list(text);
  }
  return wish;
}

const Relation* find_table(const CatalogBefore& catalog, const SessionState& session, const PgQuery__RangeVar* range) {
  if (!range) return nullptr;
  return by_search_path(session, qualified_name(*range),
                        [&](std::string_view schema, std::string_view name) { return catalog.relation(schema, name); });
}

}  // namespace

void attach_batch_wishes(const SourceText& source, Dialect dialect, Script& script) {
  if (source.text.find("martlet:batch") == std::string::npos) return;
  for (const DirectiveLine& line : find_directives(source)) {
    const Directive& directive = line.directive;
    if (directive.name != "batch") continue;
    if (dialect == Dialect::sqlite) {
      throw refusal(directive.place,
                    "SQLite lets one connection write at a time, so batches would only let others in between");
    }
    ScriptStatement& at = statement_behind(directive, script);
    if (at.batch) throw refusal(directive.place, "the statement has a `-- martlet:batch` already");
    if (!changes_rows(at.statement)) {
      throw refusal(directive.place, "only UPDATE, DELETE and INSERT … SELECT can be batched");
    }
    at.batch = wish_of(directive);
    at.traits = {.kind = NonTransactional::batched, .reason = "`-- martlet:batch` commits each batch"};
    if (script.transactional) script.why_not = at.traits.reason;
    script.transactional = false;
  }
}

BatchResolver::BatchResolver(Connection& connection)
    : catalog_(read_catalog(connection)), session_(read_session_state(connection)) {
  catalog_.record();
}

void BatchResolver::resolve(Script& script, const std::function<bool(std::size_t)>& skip) {
  std::vector<Statement> statements;
  for (const ScriptStatement& at : script.statements) statements.push_back(at.statement);
  std::size_t index = 0;
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    ScriptStatement& at = script.statements[index];
    const bool wanted = at.batch && !at.batch->change && !(skip && skip(index));
    ++index;
    const CatalogMark mark = catalog_.mark();
    const SessionState before = session_;
    static_cast<void>(execute(statement, tree, catalog_, session_));
    if (!wanted) return;
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node) throw refusal(at.batch->place, "the statement could not be analysed: " + tree.error);
    resolve(at, *node, mark, before);
  });
}

void BatchResolver::resolve(ScriptStatement& at, const Node& node, const CatalogMark& mark,
                            const SessionState& session) {
  const CatalogBefore before(catalog_, mark);
  Operation operation{
      .statement = at.statement, .node = node, .catalog = catalog_, .before = before, .session = session};
  operation.table = find_table(before, session, written_table(node));
  BatchVerdict verdict = batch_change(operation, at.batch->key);
  if (!verdict.change) throw refusal(at.batch->place, verdict.why_not);
  at.batch->change = std::move(verdict.change);
}

bool has_batches(const Script& script) {
  return std::ranges::any_of(script.statements, [](const ScriptStatement& at) { return at.batch.has_value(); });
}

}  // namespace martlet
