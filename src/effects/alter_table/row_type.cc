#include "effects/alter_table/row_type.h"

#include <fmt/format.h>

#include <algorithm>

namespace martlet {
namespace {

// The type and all that contain it: arrays, domains, ranges, composite types.
std::vector<ObjectId> containing_types(const Catalog& catalog, ObjectId type) {
  std::vector<ObjectId> found = {type};
  for (std::size_t i = 0; i < found.size(); ++i) {
    catalog.types.each([&](const Type& each) {
      if (each.element != found[i] && each.base.type != found[i] && each.subtype != found[i]) return;
      if (std::ranges::find(found, each.id) == found.end()) found.push_back(each.id);
    });
    catalog.relations.each([&](const Relation& each) {
      if (each.kind != RelationKind::composite_type) return;
      const bool uses =
          std::ranges::any_of(each.columns, [&](const Column& column) { return column.type.type == found[i]; });
      if (uses && each.row_type && std::ranges::find(found, each.row_type) == found.end()) {
        found.push_back(each.row_type);
      }
    });
  }
  return found;
}

bool is_stored(RelationKind kind) {
  return kind == RelationKind::table || kind == RelationKind::partitioned_table ||
         kind == RelationKind::materialized_view;
}

void refuse_stored_columns(Execution& execution, const std::vector<ObjectId>& types, std::string_view what,
                           std::string_view name) {
  execution.catalog.relations.each([&](const Relation& user) {
    if (!is_stored(user.kind)) return;
    for (const Column& column : user.columns) {
      if (std::ranges::find(types, column.type.type) == types.end()) continue;
      execution.fail("0A000", fmt::format("cannot alter {} \"{}\" because column \"{}.{}\" uses it", what, name,
                                          user.name, column.name));
    }
  });
}

}  // namespace

bool contains_row_type(const Catalog& catalog, ObjectId type, const Relation& relation) {
  if (!type || !relation.row_type) return false;
  const Type* used = catalog.types.get(type);
  if (!used || (used->kind == Type::Kind::base && !used->element)) return false;
  const std::vector<ObjectId> types = containing_types(catalog, relation.row_type);
  return std::ranges::find(types, type) != types.end();
}

void refuse_use_of_row_type(Execution& execution, const Relation& relation) {
  if (!relation.row_type || execution.is_new(relation.id)) return;
  const std::vector<ObjectId> types = containing_types(execution.catalog, relation.row_type);
  const std::string_view what = relation.kind == RelationKind::composite_type  ? "type"
                                : relation.kind == RelationKind::foreign_table ? "foreign table"
                                                                               : "table";
  refuse_stored_columns(execution, types, what, relation.name);
}

std::vector<ObjectId> domains_over(const Catalog& catalog, ObjectId domain) {
  std::vector<ObjectId> found = {domain};
  for (std::size_t i = 0; i < found.size(); ++i) {
    catalog.types.each_of_users([&](const Type& each) {
      if (each.kind == Type::Kind::domain && each.base.type == found[i]) found.push_back(each.id);
    });
  }
  return found;
}

void refuse_use_of_domain(Execution& execution, const Type& domain) {
  const std::vector<ObjectId> domains = domains_over(execution.catalog, domain.id);
  std::vector<ObjectId> types = containing_types(execution.catalog, domain.id);
  std::erase_if(types, [&](ObjectId each) { return std::ranges::find(domains, each) != domains.end(); });
  refuse_stored_columns(execution, types, "type", domain.name);
}

}  // namespace martlet
