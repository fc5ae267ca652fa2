// The letters that PostgreSQL's system catalogs keep kinds as (PostgreSQL docs: System Catalogs).
#pragma once

#include "schema/objects.h"
#include "schema/relation.h"

namespace martlet {

/// pg_class.relkind. A letter that is not known is a table's.
RelationKind relation_kind(char relkind);
/// pg_class.relpersistence.
Persistence persistence(char relpersistence);
/// pg_type.typtype.
Type::Kind type_kind(char typtype);
/// pg_proc.prokind.
Function::Kind function_kind(char prokind);
/// pg_proc.provolatile.
Volatility volatility(char provolatile);

}  // namespace martlet
