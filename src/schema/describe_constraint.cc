#include "schema/description_names.h"

namespace martlet {
namespace {

std::string_view kind_word(Constraint::Kind kind) {
  switch (kind) {
    case Constraint::Kind::check:
      return "check";
    case Constraint::Kind::foreign_key:
      return "foreign key";
    case Constraint::Kind::primary_key:
      return "primary key";
    case Constraint::Kind::unique:
      return "unique";
    case Constraint::Kind::exclusion:
      return "exclusion";
    case Constraint::Kind::trigger:
      return "trigger";
  }
  return "";
}

void add_foreign_key(const Catalog& catalog, const Constraint& constraint, const Relation& table,
                     std::map<std::string, Fact>& facts) {
  const Relation* target = catalog.relations.get(constraint.target);
  facts["target"] = {relation_name(catalog, constraint.target)};
  if (target) facts["target columns"] = {column_names(*target, constraint.target_columns)};
  facts["on delete"] = {std::string(1, constraint.on_delete)};
  facts["on update"] = {std::string(1, constraint.on_update)};
  facts["match"] = {std::string(1, constraint.match)};
  facts["columns set on delete"] = {column_names(table, constraint.delete_columns)};
}

std::string parent_name(const Catalog& catalog, const Relation& table, ObjectId id) {
  if (id == 0) return "";
  const auto in = [&](const Relation* relation) -> const Constraint* {
    if (!relation) return nullptr;
    for (const Constraint& each : relation->constraints) {
      if (each.id == id) return &each;
    }
    return nullptr;
  };
  // Of the partitioned table; of the table itself for the copy of a foreign key that points at one of its partitions.
  const Relation* parent = catalog.relations.get(table.partition.parent);
  if (const Constraint* found = in(parent)) return full_name(*parent) + "." + found->name;
  if (const Constraint* found = in(&table)) return full_name(table) + "." + found->name;
  return std::string(kUnknown);
}

}  // namespace

void describe_constraint(const Catalog& catalog, const std::string& parent, const std::string& name,
                         const Relation* table, const Constraint& constraint, CatalogDescription& into) {
  ObjectDescription& described = into[name];
  described.parent = parent;
  auto& facts = described.facts;
  facts["kind"] = {std::string(kind_word(constraint.kind))};
  facts["validated"] = {words(constraint.validated)};
  facts["deferrable"] = {words(constraint.deferrable)};
  facts["initially deferred"] = {words(constraint.initially_deferred)};
  facts["no inherit"] = {words(constraint.no_inherit)};
  facts["inherited"] = {words(constraint.inherited)};
  facts["local"] = {words(constraint.local)};
  facts["expression"] = {constraint.expression, Fact::Sort::expression};
  facts["operators"] = {joined(constraint.operators)};
  facts["index"] = {relation_name(catalog, constraint.index)};
  if (!table) return;
  facts["columns"] = {column_names(*table, constraint.columns)};
  facts["copy of"] = {parent_name(catalog, *table, constraint.parent)};
  if (constraint.kind == Constraint::Kind::foreign_key) add_foreign_key(catalog, constraint, *table, facts);
}

}  // namespace martlet
