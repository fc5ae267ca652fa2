// Which function or operator a call means (PostgreSQL documentation, sections 10.2 and 10.3).
#pragma once

#include <vector>

#include "effects/execution.h"

namespace martlet {

struct Overload {
  std::vector<const Function*> candidates;  // one, or those that the types known here do not tell apart
  bool fits = true;                         // false: none takes the types; the candidates are all there are
  ObjectId result = 0;                      // the type that all of them return; 0 = not known
};

/// The functions of this name that the search path reaches.
std::vector<const Function*> functions_named(const Execution& execution, const QualifiedName& name);

/// Those that fit the arguments best: the exact ones, else the ones with the most exact arguments among those that
/// implicit casts reach, else all of them. An argument of type 0 or unknown fits everything.
Overload choose_overload(const Catalog& catalog, const std::vector<const Function*>& functions,
                         const std::vector<TypeUse>& arguments);

/// The operator for these types; `left` 0 for a prefix operator or where it is not known. nullptr where the types do
/// not tell which one it is.
/// Is there an operator of this name that takes these types, both of them known?
bool has_operator(const Catalog& catalog, const QualifiedName& name, ObjectId left, ObjectId right);
const Operator* choose_operator(const Catalog& catalog, const QualifiedName& name, ObjectId left, ObjectId right);

}  // namespace martlet
