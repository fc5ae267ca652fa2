#include "effects/alter_table/index_compatibility.h"

#include <algorithm>

#include "effects/coercion.h"
#include "effects/definition/operator_classes.h"

namespace martlet {
namespace {

const Column* numbered(const std::vector<Column>& columns, int number) {
  const auto at = std::ranges::find(columns, number, &Column::number);
  return at == columns.end() ? nullptr : &*at;
}

// anyarray, anyenum, record, …: what they make of a type depends on the type itself.
bool is_polymorphic(const Catalog& catalog, const OperatorClass& operator_class) {
  const Type* type = catalog.types.get(operator_class.type);
  return type && type->kind == Type::Kind::pseudo;
}

std::string effective_collation(const Catalog& catalog, const IndexKey& key, const Column& column) {
  if (!key.collation.empty()) return key.collation;
  if (!column.collation.empty()) return column.collation;
  const ObjectId base = base_type(catalog, column.type).type;
  const Type* type = catalog.types.get(base);
  if (!type || !type->collatable) return "";
  return base == type_id::name ? "C" : "default";
}

bool same_key(const Catalog& catalog, const IndexDefinition& index, const IndexKey& key, const Column& before,
              const Column& after) {
  if (effective_collation(catalog, key, before) != effective_collation(catalog, key, after)) return false;
  if (before.type.type == after.type.type) return true;
  const OperatorClass* was = operator_class_of(catalog, index.method, key, before.type.type);
  const OperatorClass* is = operator_class_of(catalog, index.method, key, after.type.type);
  return was && was == is && !is_polymorphic(catalog, *is);
}

}  // namespace

bool is_compatible(const Catalog& catalog, const IndexDefinition& index, const std::vector<Column>& before,
                   const std::vector<Column>& after) {
  if (!index.valid || !index.predicate.empty()) return false;
  return std::ranges::all_of(index.keys, [&](const IndexKey& key) {
    const Column* was = numbered(before, key.column);
    const Column* is = numbered(after, key.column);
    return was && is && same_key(catalog, index, key, *was, *is);
  });
}

void require_operator_classes(const Execution& execution, const Relation& table, const Relation& index) {
  for (const IndexKey& key : index.index->keys) {
    const Column* column = table.column(key.column);
    if (column) require_operator_class(execution, index.index->method, key, column->type);
  }
}

}  // namespace martlet
