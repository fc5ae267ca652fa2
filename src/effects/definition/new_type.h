// The making of a type.
#pragma once

#include "effects/definition.h"

namespace martlet {

/// A type of this name that is not in the catalog yet. Fails with 42710 where there is one, or a relation, of this
/// name, and with 3F000 where its schema is missing.
Type begin_type(Execution& execution, const QualifiedName& name, Type::Kind kind);
/// Adds it with its array type.
void add_type(Execution& execution, Type type);
/// CREATE TYPE with a name and nothing else (pg_type.c, TypeShellMake).
void add_shell_type(Execution& execution, const QualifiedName& name);

}  // namespace martlet
