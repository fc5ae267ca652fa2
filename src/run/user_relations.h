// The relations of a database that are its users' own.
#pragma once

#include <string>
#include <vector>

#include "schema/catalog.h"

namespace martlet {

/// Those of one kind, apart from temporary ones and the server's own, in the order in which they were made: what a
/// materialized view reads is older than it is.
std::vector<const Relation*> user_relations(const Catalog& catalog, RelationKind kind);

/// `"public"."orders"`
std::string qualified(const Relation& relation);

}  // namespace martlet
