// Two catalogs that should be one.
#pragma once

#include <string>
#include <vector>

#include "schema/catalog.h"

namespace martlet {

/// One attribute of one object that is not the same. Where an object is only in one of them, `attribute` is "" and the
/// side that has it says "there", the other "missing"; its parts are then not listed.
struct CatalogDifference {
  std::string object;     // "relation public.orders", "column public.orders.id", "constraint public.orders.orders_pkey"
  std::string attribute;  // "default"
  std::string a, b;

  /// "column public.orders.id: default: 1 / 2"
  std::string text() const;
};

/// Everything in which they differ, by name, in the order of the objects' names. What is compared is in
/// schema/description.h; SQL of expressions is compared by what it says (sql/canonical.h). What one of them does not
/// know (an owner, a type it was never told) is equal to everything.
std::vector<CatalogDifference> catalog_difference(const Catalog& a, const Catalog& b);

/// Lines of text; "" where there are none.
std::string to_text(const std::vector<CatalogDifference>& differences);

}  // namespace martlet
