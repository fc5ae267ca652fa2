#include "schema/description_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace martlet {

std::string relation_name(const Catalog& catalog, ObjectId id) {
  if (id == 0) return "";
  const Relation* relation = catalog.relations.get(id);
  return relation ? full_name(*relation) : std::string(kUnknown);
}

std::string function_name(const Catalog& catalog, ObjectId id) {
  if (id == 0) return "";
  const Function* function = catalog.functions.get(id);
  return function ? signature(catalog, *function) : std::string(kUnknown);
}

std::string type_name(const Catalog& catalog, TypeUse use) {
  const Type* type = catalog.types.get(use.type);
  if (!type) return std::string(kUnknown);
  const std::string name = type->schema == "pg_catalog" ? type->name : full_name(*type);
  return use.modifier < 0 ? name : fmt::format("{}, modifier {}", name, use.modifier);
}

std::string signature(const Catalog& catalog, const Function& function) {
  std::vector<std::string> arguments;
  for (const ObjectId each : function.arguments) arguments.push_back(type_name(catalog, {each}));
  return full_name(function) + "(" + join(arguments, ",") + ")";
}

std::string words(bool value) {
  return value ? "yes" : "no";
}

std::string joined(const std::vector<std::string>& parts) {
  return join(parts, ", ");
}

std::string joined_sorted(std::vector<std::string> parts) {
  std::ranges::sort(parts);
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return join(parts, ", ");
}

std::string column_names(const Relation& relation, const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const int number : numbers) {
    const Column* column = relation.column(number);
    names.push_back(column ? column->name : number == 0 ? "(expression)" : fmt::format("(column {})", number));
  }
  return joined(names);
}

std::string names_of_uses(const Catalog& catalog, const std::vector<ColumnUse>& uses) {
  std::vector<std::string> names;
  for (const ColumnUse& use : uses) {
    const Relation* relation = catalog.relations.get(use.relation);
    const Column* column = relation ? relation->column(use.column) : nullptr;
    names.push_back(relation_name(catalog, use.relation) + (column ? "." + column->name : ""));
  }
  return joined_sorted(std::move(names));
}

std::string names_of_relations(const Catalog& catalog, const std::vector<ObjectId>& ids) {
  std::vector<std::string> names;
  for (const ObjectId id : ids) names.push_back(relation_name(catalog, id));
  return joined_sorted(std::move(names));
}

}  // namespace martlet
