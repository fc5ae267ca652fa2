// Which rows a partition takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "effects/alter_table/proof.h"
#include "effects/execution.h"

namespace martlet {

struct PartitionBound {
  struct Value {
    enum class Kind { minimum, value, maximum, null } kind = Kind::value;
    std::string text;   // of a value
    bool known = true;  // false: an expression that only the server evaluates
    /// By what two of them are told apart: as numbers, dates, …; byte by byte; as a collation that is not known does.
    enum class Order { of_type, bytes, unknown } order = Order::of_type;
  };
  char strategy = 0;                // r, l, h; 0 = DEFAULT
  std::vector<Value> values;        // of a list
  std::vector<Value> lower, upper;  // of a range, one for each key column
  int modulus = 0, remainder = 0;   // of a hash
};

/// A literal, NULL, MINVALUE or MAXVALUE; `known` is false for anything else.
PartitionBound::Value read_bound_value(const Node& node);
/// Of a partition of `parent`, whose key columns say how values compare.
PartitionBound read_bound(const Catalog& catalog, const Relation& parent, const PgQuery__PartitionBoundSpec& written);
/// From "FOR VALUES …" as the catalog has it.
PartitionBound read_bound(const Catalog& catalog, const Relation& parent, const std::string& text);

/// What a row of the partition fulfils (partbounds.c, get_qual_from_partbound), the ancestors' bounds included. What
/// cannot be proved from CHECK constraints is a condition that nothing implies. `parts` is empty where there is none:
/// the DEFAULT of a table without other partitions.
Condition bound_condition(const Catalog& catalog, const Relation& parent, const PartitionBound& bound);

/// Does a row with this key belong into the partition? Not into the DEFAULT one, which takes what no other does.
/// nullopt = only the server knows.
std::optional<bool> takes_key(const PartitionBound& bound, const std::vector<PartitionBound::Value>& key);
/// Which of two partitions of one table comes first: by lower bound, or by the smallest value (partbounds.c,
/// partition_bounds_create). nullopt = not known.
std::optional<int> compare_bounds(const PartitionBound& a, const PartitionBound& b);

/// Fails with 42P16 and 42P17 as the server does: another strategy than the parent's, an empty range, a modulus that
/// does not fit, values that another partition has (partbounds.c, check_new_partition_bound).
void check_bound(Execution& execution, const Relation& parent, const std::string& partition,
                 const PartitionBound& bound);

}  // namespace martlet
