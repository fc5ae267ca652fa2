#include "run/user_relations.h"

#include <algorithm>

#include "sql/statement.h"

namespace martlet {
namespace {

constexpr ObjectId kFirstNormalObjectId = 16384;  // access/transam.h: below are the server's own catalogs

}  // namespace

std::vector<const Relation*> user_relations(const Catalog& catalog, RelationKind kind) {
  std::vector<const Relation*> found;
  catalog.relations.each([&](const Relation& relation) {
    if (relation.id < kFirstNormalObjectId || relation.schema == "pg_catalog") return;
    if (relation.kind == kind && relation.persistence != Persistence::temporary) found.push_back(&relation);
  });
  std::ranges::sort(found, {}, &Relation::id);
  return found;
}

std::string qualified(const Relation& relation) {
  return quote_identifier(relation.schema) + "." + quote_identifier(relation.name);
}

}  // namespace martlet
