// What index access methods can do.
#pragma once

#include <span>
#include <string_view>

#include "effects/execution.h"

namespace martlet {

/// One of the access methods PostgreSQL is born with.
struct AccessMethod {
  std::string_view name;
  bool unique;       // amcanunique
  bool multicolumn;  // amcanmulticol
  bool include;      // amcaninclude
  bool exclusion;    // it has amgettuple
  bool ordered;      // amcanorder: takes ASC, DESC, NULLS FIRST, NULLS LAST
};

/// What a new index asks of its method.
struct IndexDemands {
  bool unique = false, exclusion = false;
  std::size_t keys = 0, included = 0;
  std::span<Node* const> options = {};  // DefElem nodes
};

/// nullptr: an extension's, of which only the name is known.
const AccessMethod* builtin_access_method(std::string_view name);

/// Fails with 42704 where a complete catalog has no access method of this name, with 0A000 where the method cannot make
/// such an index (indexcmds.c, DefineIndex).
void require_access_method(const Execution& execution, std::string_view name, const IndexDemands& demands);

}  // namespace martlet
