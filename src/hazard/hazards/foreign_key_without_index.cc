#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<std::string> names_of(const Relation& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int number : columns) {
    if (const Column* column = table.column(number)) names.push_back(QualifiedName{"", column->name}.text());
  }
  return names;
}

// Does an index begin with these columns, in any order?
bool is_indexed(const Catalog& catalog, const Relation& table, const std::vector<int>& columns) {
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const Relation* relation = catalog.relations.get(id);
    if (!relation || !relation->index || !relation->index->valid || !relation->index->predicate.empty()) return false;
    const std::vector<IndexKey>& keys = relation->index->keys;
    if (keys.size() < columns.size()) return false;
    return std::all_of(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(columns.size()),
                       [&](const IndexKey& key) { return std::ranges::count(columns, key.column) > 0; });
  });
}

void each_foreign_key(const Node* node, const std::function<void(const PgQuery__Constraint&)>& visit) {
  if (!node) return;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      for (const Node* each : list(node->create_stmt->n_table_elts, node->create_stmt->table_elts)) {
        each_foreign_key(each, visit);
      }
      return;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      for (const Node* each : alter_commands(*node)) each_foreign_key(each->alter_table_cmd->def, visit);
      return;
    case PG_QUERY__NODE__NODE_COLUMN_DEF:
      for (const Node* each : list(node->column_def->n_constraints, node->column_def->constraints)) {
        each_foreign_key(each, visit);
      }
      return;
    case PG_QUERY__NODE__NODE_CONSTRAINT:
      if (node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) visit(*node->constraint);
      return;
    default:
      return;
  }
}

// The text that made the key; nullptr where it has come by inheritance.
const PgQuery__Constraint* written_as(const Case& at, const Relation& table, const Constraint& key) {
  const Operation operation{.statement = at.statement,
                            .node = *at.node,
                            .table = &table,
                            .catalog = at.catalog,
                            .before = at.before,
                            .session = at.session};
  const PgQuery__Constraint* found = nullptr;
  each_foreign_key(at.node, [&](const PgQuery__Constraint& each) {
    const Constraint* made = found ? nullptr : constraint_after(operation, each);
    if (made && made->id == key.id) found = &each;
  });
  return found;
}

void look_at_new_keys(const Case& at, ObjectId id, const Relation* before, Findings& found) {
  const Relation* table = at.catalog.relations.get(id);
  if (!table || table->partition.parent) return;
  for (const Constraint& each : table->constraints) {
    if (each.kind != Constraint::Kind::foreign_key || each.columns.empty()) continue;
    if (before && std::ranges::count(before->constraints, each.id, &Constraint::id) > 0) continue;
    if (is_indexed(at.catalog, *table, each.columns)) continue;
    const Relation* target = at.catalog.relations.get(each.target);
    const std::string name = QualifiedName{"", table->name}.text();
    HazardFinding& finding = found.add(at, fmt::format("no index on {} ({}): each DELETE in {} reads all of {}", name,
                                                       join(names_of(*table, each.columns), ", "),
                                                       target ? target->name : "the referenced table", name));
    finding.relations = {name};
    finding.object = id;
    finding.columns = each.columns;
    found.offer(finding, at, table, nullptr, written_as(at, *table, each));
  }
}

void check(const Case& at, Findings& found) {
  at.before.each_changed_relation(
      [&](ObjectId id, const Relation* before) { look_at_new_keys(at, id, before, found); });
}

// An index may follow.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) {
    const Relation* table = catalog.relations.get(each.object);
    return !table || is_indexed(catalog, *table, each.columns);
  });
}

const Registered<Hazard> kHazard{{
    .id = "foreign-key-without-index",
    .severity = Hazard::Severity::warning,
    .summary = "a foreign key whose own columns have no index",
    .why = "PostgreSQL indexes the referenced columns, not the referring ones. Each DELETE or change of key in the "
           "referenced table then reads the whole referring table, holding locks meanwhile, and joins have no index.",
    .safe_form =
        "Create an index that begins with the columns of the foreign key; CONCURRENTLY where the table is in use.",
    .recipe = "foreign-key-index",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
