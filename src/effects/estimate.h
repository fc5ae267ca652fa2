// How long would a statement hold its locks?
#pragma once

#include <optional>

#include "effects/effects.h"
#include "schema/catalog.h"
#include "sql/nodes.h"

namespace martlet {

/// How many rows and pages of 8 kB a heap has.
struct HeapSize {
  double pages = 0;
  double rows = 0;
};

/// nullopt where nobody knows. Rows that were never counted are taken from pages and the columns' average widths.
std::optional<HeapSize> heap_size(const Relation& relation);

/// Time under the statement's strongest lock, which it takes at its beginning and holds to its end; waiting for the
/// lock is not in it. From the pages that are read and written, the rows that are formed, and the indexes that are
/// built, by factors measured on PostgreSQL 15 (estimate.cc). absent where the size of a relation that matters is not
/// known.
std::optional<TimeRange> estimate_time(const Effects& effects, const Node& statement, const Catalog& after,
                                       const CatalogBefore& before);

}  // namespace martlet
