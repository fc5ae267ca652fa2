#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

bool is_star(const Node& target) {
  const Node* value = target.res_target->val;
  if (!value || value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  const PgQuery__ColumnRef& reference = *value->column_ref;
  return reference.fields[reference.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

// The table of which the query takes every column as it is: SELECT * FROM t, TABLE t.
const PgQuery__RangeVar* copied_table(const Node* query) {
  if (!query || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return nullptr;
  const PgQuery__SelectStmt& select = *query->select_stmt;
  if (select.n_from_clause != 1 || select.n_target_list != 1 || !is_star(*select.target_list[0])) return nullptr;
  if (select.n_group_clause > 0 || select.n_distinct_clause > 0 || select.where_clause) return nullptr;
  const Node& from = *select.from_clause[0];
  return from.node_case == PG_QUERY__NODE__NODE_RANGE_VAR ? from.range_var : nullptr;
}

std::string counted(std::size_t count, const std::string& one) {
  return count == 1 ? "one " + one : fmt::format("{} {}", count, one.ends_with('x') ? one + "es" : one + "s");
}

// What SELECT does not bring along.
std::vector<std::string> lost_parts(const Relation& table) {
  using Kind = Constraint::Kind;
  const auto constraints = [&](Kind kind) { return std::ranges::count(table.constraints, kind, &Constraint::kind); };
  std::vector<std::string> lost;
  const auto add = [&](std::ptrdiff_t count, const std::string& what) {
    if (count > 0) lost.push_back(counted(static_cast<std::size_t>(count), what));
  };
  if (constraints(Kind::primary_key) > 0) lost.emplace_back("the primary key");
  add(static_cast<std::ptrdiff_t>(table.indexes.size()) - constraints(Kind::primary_key), "index");
  add(constraints(Kind::foreign_key), "foreign key");
  add(constraints(Kind::check), "CHECK");
  add(std::ranges::count_if(table.columns, [](const Column& column) { return column.not_null; }), "NOT NULL");
  add(std::ranges::count_if(table.columns,
                            [](const Column& column) {
                              return !column.default_sql.empty() || column.identity != Column::Identity::none;
                            }),
      "default");
  add(std::ranges::count_if(table.triggers, [](const Trigger& trigger) { return !trigger.internal; }), "trigger");
  return lost;
}

constexpr std::string_view kAllThatIsLost = "its keys, indexes, constraints, defaults and triggers";

// CREATE TABLE a AS SELECT * FROM b, and nothing behind it.
void check_sqlite(const Case& at, Findings& found) {
  Lexer words(at.statement.text, Dialect::sqlite);
  if (!words.accept({"create", "table"})) return;
  words.accept({"if", "not", "exists"});
  const std::string copy = words.accept_name();
  if (!words.accept({"as", "select"}) || !words.accept('*') || !words.accept("from")) return;
  const std::string source = words.accept_name();
  if (source.empty() || words.next().kind != Token::Kind::end) return;
  found.add(at, fmt::format("{} gets the columns and rows of {}, without {}", copy, source, kAllThatIsLost))
      .relations = {copy, source};
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) return check_sqlite(at, found);
  const PgQuery__CreateTableAsStmt& create = *at.node->create_table_as_stmt;
  if (create.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return;
  const PgQuery__RangeVar* source = copied_table(create.query);
  const PgQuery__RangeVar* target = create.into->rel;
  if (!source || (target->relpersistence && target->relpersistence[0] == 't')) return;
  const Relation* table = at.relation(source);
  const bool is_known = table && !table->assumed;
  const std::vector<std::string> lost = is_known ? lost_parts(*table) : std::vector<std::string>();
  if (is_known ? lost.empty() : at.catalog.complete) return;
  HazardFinding& finding =
      found.add(at, fmt::format("{} gets the columns and rows of {}, without {}", shown(*target), shown(*source),
                                is_known ? join(lost, ", ") : std::string(kAllThatIsLost)));
  finding.relations = {shown(*target), shown(*source)};
  const Relation* made = find_relation(at.catalog, at.session, qualified_name(*target));
  finding.object = made ? made->id : 0;
  found.offer(finding, at, table);
}

// Whoever gives it a key goes on to give it the rest.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) {
    const Relation* made = catalog.relations.get(each.object);
    return made && std::ranges::count(made->constraints, Constraint::Kind::primary_key, &Constraint::kind) > 0;
  });
}

const Registered<Hazard> kHazard{{
    .id = "copy-table-loses-constraints",
    .severity = Hazard::Severity::warning,
    .summary = "CREATE TABLE AS SELECT * as a copy of a table",
    .why = "Only names, types and rows are copied. The copy takes rows that the table would refuse, has no defaults, "
           "so that "
           "INSERTs store NULL or fail, finds nothing by an index, and ON CONFLICT (id) fails for want of a key.",
    .safe_form =
        "CREATE TABLE copy (LIKE original INCLUDING ALL), then the foreign keys and triggers, then the rows. On "
        "SQLite the CREATE TABLE of the original under another name, its indexes and triggers, then the rows.",
    .recipe = "copy-table",
    .on = {PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT},
    .check = check,
    .finish = finish,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
