// Which operator class an index takes.
#pragma once

#include "schema/catalog.h"

namespace martlet {

/// Can values of `source` stand where `target` is asked for, bit by bit (parse_coerce.c, IsBinaryCoercible)?
bool is_binary_coercible(const Catalog& catalog, ObjectId source, ObjectId target);

/// The operator class of a column of `type` in an index of `method` where none is named: the one that is the type's
/// default, else the default of a type it is binary coercible to (indexcmds.c, GetDefaultOpClass). nullptr = none.
const OperatorClass* default_operator_class(const Catalog& catalog, std::string_view method, ObjectId type);

}  // namespace martlet
