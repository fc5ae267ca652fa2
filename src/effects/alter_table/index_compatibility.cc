#include "effects/alter_table/index_compatibility.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/coercion.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

const Column* numbered(const std::vector<Column>& columns, int number) {
  const auto at = std::ranges::find(columns, number, &Column::number);
  return at == columns.end() ? nullptr : &*at;
}

std::string_view name_only(std::string_view qualified) {
  const auto dot = qualified.rfind('.');
  return dot == std::string_view::npos ? qualified : qualified.substr(dot + 1);
}

const OperatorClass* named_class(const Catalog& catalog, const std::string& method, std::string_view name) {
  const OperatorClass* found = nullptr;
  catalog.operator_classes.each([&](const OperatorClass& each) {
    if (each.method == method && each.name == name_only(name)) found = &each;
  });
  return found;
}

const OperatorClass* class_of(const Catalog& catalog, const IndexDefinition& index, const IndexKey& key,
                              ObjectId type) {
  return key.opclass.empty() ? default_operator_class(catalog, index.method, type)
                             : named_class(catalog, index.method, key.opclass);
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
  const OperatorClass* was = class_of(catalog, index, key, before.type.type);
  const OperatorClass* is = class_of(catalog, index, key, after.type.type);
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
  const Catalog& catalog = execution.catalog;
  for (const IndexKey& key : index.index->keys) {
    const Column* column = table.column(key.column);
    if (!column || !catalog.types.get(column->type.type)) continue;
    const OperatorClass* found = class_of(catalog, *index.index, key, column->type.type);
    const std::string type = type_text(catalog, {.type = column->type.type});
    const Type* base = catalog.types.get(base_type(catalog, column->type).type);
    if (!key.collation.empty() && base && !base->element && !base->collatable) {
      execution.fail("42804", fmt::format("collations are not supported by type {}", type));
    }
    if (!found && key.opclass.empty()) {
      execution.fail("42704", fmt::format("data type {} has no default operator class for access method \"{}\"", type,
                                          index.index->method));
    }
    if (found && !key.opclass.empty() && !is_binary_coercible(catalog, column->type.type, found->type)) {
      execution.fail("42804",
                     fmt::format("operator class \"{}\" does not accept data type {}", name_only(key.opclass), type));
    }
  }
}

}  // namespace martlet
