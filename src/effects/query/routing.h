// Partitions: which of them rows go to, and in which order they are read.
#pragma once

#include <optional>
#include <vector>

#include "effects/query/values.h"

namespace martlet {

/// The partitions of all levels that the rows go to, each once. Where the rows or their keys are not known: all of
/// them, which is told as an assumption. Fails with 23514 where no partition takes a row.
std::vector<ObjectId> partitions_of_rows(Execution& execution, const Relation& parent, const InsertedRows& rows);

/// The tables that are read for a partitioned or inherited one, in the order in which they are; nullopt where the order
/// of the partitions' bounds is not known.
std::optional<std::vector<ObjectId>> reading_order(const Catalog& catalog, const Relation& table);

}  // namespace martlet
