#include "effects/definition/operator_classes.h"

#include <fmt/format.h>

#include "effects/coercion.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

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

// What the script of an extension brings along, only a database that has run it can tell.
bool knows_all_classes(const Catalog& catalog) {
  bool simulated = false;
  catalog.extensions.each([&](const Extension& each) { simulated |= each.id >= kFirstSimulated; });
  return catalog.complete && !simulated;
}

}  // namespace

const OperatorClass* operator_class_of(const Catalog& catalog, const std::string& method, const IndexKey& key,
                                       ObjectId type) {
  return key.opclass.empty() ? default_operator_class(catalog, method, type)
                             : named_class(catalog, method, key.opclass);
}

void require_operator_class(const Execution& execution, const std::string& method, const IndexKey& key, TypeUse type) {
  const Catalog& catalog = execution.catalog;
  const std::string name(name_only(key.opclass));
  const OperatorClass* found = operator_class_of(catalog, method, key, type.type);
  if (!found && !name.empty() && knows_all_classes(catalog)) {
    execution.fail("42704", fmt::format("operator class \"{}\" does not exist for access method \"{}\"", name, method));
  }
  if (!catalog.types.get(type.type) || type.type == type_id::unknown) return;
  const std::string words = type_text(catalog, {.type = type.type});
  const Type* base = catalog.types.get(base_type(catalog, type).type);
  if (!key.collation.empty() && base && !base->element && !base->collatable) {
    execution.fail("42804", fmt::format("collations are not supported by type {}", words));
  }
  if (!found && name.empty() && knows_all_classes(catalog)) {
    execution.fail("42704",
                   fmt::format("data type {} has no default operator class for access method \"{}\"", words, method));
  }
  if (found && !name.empty() && !is_binary_coercible(catalog, type.type, found->type)) {
    execution.fail("42804", fmt::format("operator class \"{}\" does not accept data type {}", name, words));
  }
}

}  // namespace martlet
