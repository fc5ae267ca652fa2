// A catalog as names and texts, without the identifiers that tie it to one server.
#pragma once

#include <map>
#include <string>

#include "schema/catalog.h"

namespace martlet {

/// What one attribute of an object is.
struct Fact {
  enum class Sort { text, expression, bound };  // how two of them are compared (sql/canonical.h)
  std::string value;                            // kUnknown: equal to everything
  Sort sort = Sort::text;
};
inline constexpr std::string_view kUnknown = "?";

struct ObjectDescription {
  std::string parent;  // the object without which it is not there; "" = none
  std::map<std::string, Fact> facts;
};

/// By the object's kind and name: "table public.orders" has parts as "column public.orders.id".
using CatalogDescription = std::map<std::string, ObjectDescription>;

/// All that users made. Left out: what PostgreSQL is born with and what extensions own, identifiers, sizes and
/// statistics, and what follows from something else: array types, row types of tables, triggers of foreign keys,
/// constructors of ranges, operator families.
CatalogDescription describe(const Catalog& catalog);

// Its parts.
void describe_relation(const Catalog& catalog, const Relation& relation, CatalogDescription& into);
void describe_type(const Catalog& catalog, const Type& type, CatalogDescription& into);
void describe_function(const Catalog& catalog, const Function& function, CatalogDescription& into);

}  // namespace martlet
