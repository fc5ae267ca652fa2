#include "schema/operator_class.h"

namespace martlet {
namespace {

bool is_named(const Catalog& catalog, ObjectId type, std::string_view name) {
  const Type* found = catalog.types.get(type);
  return found && found->schema == "pg_catalog" && found->name == name;
}

bool fits_polymorphic(const Catalog& catalog, const Type& source, ObjectId target) {
  const auto target_is = [&](std::string_view name) { return is_named(catalog, target, name); };
  if (target_is("any") || target_is("anyelement") || target_is("anycompatible")) return true;
  if (target_is("anyarray") || target_is("anycompatiblearray")) return source.element != 0;
  if (target_is("anyenum")) return source.kind == Type::Kind::enumeration;
  if (target_is("anyrange") || target_is("anycompatiblerange")) return source.kind == Type::Kind::range;
  if (target_is("anymultirange") || target_is("anycompatiblemultirange")) return source.kind == Type::Kind::multirange;
  if (target_is("record")) return source.kind == Type::Kind::composite;
  if (!target_is("_record") || !source.element) return false;
  const Type* element = catalog.types.get(source.element);
  return element && element->kind == Type::Kind::composite;
}

const Type* base_type(const Catalog& catalog, ObjectId type) {
  const Type* found = catalog.types.get(type);
  while (found && found->kind == Type::Kind::domain) found = catalog.types.get(found->base.type);
  return found;
}

}  // namespace

bool is_binary_coercible(const Catalog& catalog, ObjectId source, ObjectId target) {
  if (source == target) return true;
  const Type* from = base_type(catalog, source);
  if (!from) return false;
  if (from->id == target || fits_polymorphic(catalog, *from, target)) return true;
  const Cast* cast = catalog.cast(from->id, target);
  return cast && cast->method == Cast::Method::binary && cast->context == 'i';
}

const OperatorClass* default_operator_class(const Catalog& catalog, std::string_view method, ObjectId type) {
  const Type* indexed = base_type(catalog, type);
  if (!indexed) return nullptr;
  const OperatorClass* exact = nullptr;
  const OperatorClass* preferred = nullptr;
  const OperatorClass* compatible = nullptr;
  int preferred_count = 0, compatible_count = 0;
  catalog.operator_classes.each([&](const OperatorClass& each) {
    if (!each.is_default || each.method != method) return;
    if (each.type == indexed->id) exact = &each;
    if (exact || !is_binary_coercible(catalog, indexed->id, each.type)) return;
    const Type* takes = catalog.types.get(each.type);
    const bool is_preferred = takes && takes->preferred && takes->category == indexed->category;
    (is_preferred ? preferred : compatible) = &each;
    ++(is_preferred ? preferred_count : compatible_count);
  });
  if (exact) return exact;
  if (preferred_count == 1) return preferred;
  return preferred_count == 0 && compatible_count == 1 ? compatible : nullptr;
}

}  // namespace martlet
