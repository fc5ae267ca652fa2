// Names for identifiers, and values as text, in descriptions.
#pragma once

#include <string>
#include <vector>

#include "schema/description.h"

namespace martlet {

/// "schema.name"; "" for 0, kUnknown for what is not there.
std::string relation_name(const Catalog& catalog, ObjectId id);
std::string function_name(const Catalog& catalog, ObjectId id);
/// pg_catalog is left out: "int4", "public.mood"; with its modifier in parentheses.
std::string type_name(const Catalog& catalog, TypeUse use);
/// "name(int4,text)".
std::string signature(const Catalog& catalog, const Function& function);
/// "schema.name" of anything that has both.
template <class T>
std::string full_name(const T& object) {
  return object.schema.empty() ? object.name : object.schema + "." + object.name;
}

std::string words(bool value);
/// In the order they have, or sorted.
std::string joined(const std::vector<std::string>& parts);
std::string joined_sorted(std::vector<std::string> parts);
std::string column_names(const Relation& relation, const std::vector<int>& numbers);
std::string names_of_uses(const Catalog& catalog, const std::vector<ColumnUse>& uses);
std::string names_of_relations(const Catalog& catalog, const std::vector<ObjectId>& ids);

/// The key and the facts of a table constraint or of a domain's.
void describe_constraint(const Catalog& catalog, const std::string& parent, const std::string& name,
                         const Relation* table, const Constraint& constraint, CatalogDescription& into);

}  // namespace martlet
