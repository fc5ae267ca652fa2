// The operator class of an index key.
#pragma once

#include <string>

#include "effects/execution.h"

namespace martlet {

/// The one it names, or the default of the type. nullptr where there is none, or none that the catalog knows.
const OperatorClass* operator_class_of(const Catalog& catalog, const std::string& method, const IndexKey& key,
                                       ObjectId type);

/// Fails with 42704 where a complete catalog has no such operator class for the method, or the type no default one;
/// with 42804 where the class does not take the type, or COLLATE stands at one that has no collations (indexcmds.c,
/// ResolveOpClass and ComputeIndexAttrs).
void require_operator_class(const Execution& execution, const std::string& method, const IndexKey& key, TypeUse type);

}  // namespace martlet
