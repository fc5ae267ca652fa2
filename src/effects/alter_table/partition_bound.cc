#include "effects/alter_table/partition_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "effects/alter_table/literal.h"
#include "effects/coercion.h"
#include "sql/tree.h"

namespace martlet {
namespace {

using Value = PartitionBound::Value;

std::vector<Value> read_values(std::size_t count, Node* const* items) {
  std::vector<Value> values;
  for (const Node* each : list(count, items)) values.push_back(read_bound_value(*each));
  return values;
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.kind == Value::Kind::value && b.kind == Value::Kind::value) {
    if (!a.known || !b.known) return std::nullopt;
    if (a.order == Value::Order::of_type && b.order == Value::Order::of_type) return compare_literals(a.text, b.text);
    if (a.text == b.text) return 0;
    const bool in_bytes = a.order != Value::Order::unknown && b.order != Value::Order::unknown;
    return in_bytes ? std::optional(a.text.compare(b.text)) : std::nullopt;
  }
  return static_cast<int>(a.kind) - static_cast<int>(b.kind);
}

// Only of plain texts: citext and char(n) are compared in ways of their own.
Value::Order order_of(const Catalog& catalog, const Column& column) {
  const ObjectId type = base_type(catalog, column.type).type;
  const Type* known = catalog.types.get(type);
  if (!known || known->category != 'S') return Value::Order::of_type;
  if (type != type_id::text && type != type_id::varchar) return Value::Order::unknown;
  const bool in_bytes =
      column.collation.empty() ? catalog.server.compares_bytes : column.collation == "C" || column.collation == "POSIX";
  return in_bytes ? Value::Order::bytes : Value::Order::unknown;
}

void note_order(const Catalog& catalog, const Relation& parent, PartitionBound& bound) {
  const std::vector<int>& keys = parent.partition.key_columns;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Column* column = parent.column(keys[i]);
    if (!column) continue;
    const Value::Order order = order_of(catalog, *column);
    if (i < bound.lower.size()) bound.lower[i].order = order;
    if (i < bound.upper.size()) bound.upper[i].order = order;
    if (i > 0) continue;  // a list has one key
    for (Value& each : bound.values) each.order = order;
  }
}

// Column by column; the first that differs decides.
std::optional<int> compare(const std::vector<Value>& a, const std::vector<Value>& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const std::optional<int> order = compare(a[i], b[i]);
    if (!order || *order != 0) return order;
    if (a[i].kind != Value::Kind::value) return 0;
  }
  return 0;
}

bool overlap(const PartitionBound& a, const PartitionBound& b) {
  if (a.strategy == 'l') {
    return std::ranges::any_of(a.values, [&](const Value& mine) {
      return std::ranges::any_of(b.values, [&](const Value& theirs) { return compare(mine, theirs) == 0; });
    });
  }
  if (a.strategy == 'r') {
    const std::optional<int> left = compare(a.lower, b.upper), right = compare(b.lower, a.upper);
    return left && right && *left < 0 && *right < 0;
  }
  const int step = std::min(a.modulus, b.modulus);
  return step > 0 && a.remainder % step == b.remainder % step;
}

std::string_view strategy_word(char strategy) {
  return strategy == 'r' ? "range" : strategy == 'l' ? "list" : "hash";
}

// ── conditions ──

Condition nothing_implies() {
  return {.kind = Condition::Kind::other};
}

Condition comparison(const std::string& column, std::string_view operation, const Value& value) {
  if (!value.known) return nothing_implies();
  return {
      .kind = Condition::Kind::compare, .column = column, .comparison = std::string(operation), .value = value.text};
}

Condition range_condition(const std::string& column, const PartitionBound& bound) {
  Condition all{.kind = Condition::Kind::all, .parts = {{.kind = Condition::Kind::is_not_null, .column = column}}};
  if (bound.lower[0].kind == Value::Kind::value) all.parts.push_back(comparison(column, ">=", bound.lower[0]));
  if (bound.upper[0].kind == Value::Kind::value) all.parts.push_back(comparison(column, "<", bound.upper[0]));
  return all;
}

Condition list_condition(const std::string& column, const PartitionBound& bound) {
  Condition any{.kind = Condition::Kind::any};
  bool takes_null = false;
  for (const Value& each : bound.values) {
    if (each.kind == Value::Kind::null) {
      takes_null = true;
    } else {
      any.parts.push_back(comparison(column, "=", each));
    }
  }
  if (takes_null) {
    any.parts.push_back({.kind = Condition::Kind::is_null, .column = column});
    return any;
  }
  return {.kind = Condition::Kind::all, .parts = {{.kind = Condition::Kind::is_not_null, .column = column}, any}};
}

// Only keys of one column are looked into.
Condition own_condition(const Relation& parent, const PartitionBound& bound) {
  const std::vector<int>& keys = parent.partition.key_columns;
  const Column* column = keys.size() == 1 ? parent.column(keys[0]) : nullptr;
  if (!column || bound.strategy == 'h') return nothing_implies();
  if (bound.strategy == 'l') return list_condition(column->name, bound);
  return bound.lower.size() == 1 && bound.upper.size() == 1 ? range_condition(column->name, bound) : nothing_implies();
}

Condition default_condition(const Catalog& catalog, const Relation& parent) {
  Condition all{.kind = Condition::Kind::all};
  for (const ObjectId id : parent.children) {
    const PartitionFacts& sibling = catalog.relations.get(id)->partition;
    if (!sibling.is_default)
      all.parts.push_back(opposite(own_condition(parent, read_bound(catalog, parent, sibling.bound))));
  }
  return all;
}

bool is_collated(const PartitionBound& bound) {
  return std::ranges::any_of(bound.lower, [](const Value& each) { return each.order == Value::Order::unknown; });
}

void check_range(Execution& execution, const std::string& partition, const PartitionBound& bound) {
  const std::optional<int> order = compare(bound.lower, bound.upper);
  if (!order && is_collated(bound)) {
    execution.not_known(fmt::format("which bound of {} comes first, the collation of its key decides", partition));
  }
  if (order && *order >= 0) {
    execution.fail("42P17", fmt::format("empty range bound specified for partition \"{}\"", partition));
  }
}

void check_hash(const Execution& execution, const Relation& parent, const PartitionBound& bound) {
  if (bound.modulus <= 0)
    execution.fail("42P16", "modulus for hash partition must be an integer value greater than zero");
  if (bound.remainder >= bound.modulus) {
    execution.fail("42P16", "remainder for hash partition must be less than modulus");
  }
  for (const ObjectId id : parent.children) {
    const PartitionBound other =
        read_bound(execution.catalog, parent, execution.catalog.relations.get(id)->partition.bound);
    const int larger = std::max(other.modulus, bound.modulus), smaller = std::min(other.modulus, bound.modulus);
    if (smaller > 0 && larger % smaller != 0) {
      execution.fail("42P17", "every hash partition modulus must be a factor of the next larger modulus");
    }
  }
}

const Value* smallest(const std::vector<Value>& values) {
  const Value* first = nullptr;
  for (const Value& each : values) {
    if (each.kind == Value::Kind::null) continue;
    const std::optional<int> order = first ? compare(each, *first) : std::optional(-1);
    if (!order) return nullptr;
    if (*order < 0) first = &each;
  }
  return first;
}

}  // namespace

PartitionBound::Value read_bound_value(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {  // MINVALUE and MAXVALUE are names to the grammar
    const std::string_view word = string_value(node.column_ref->fields[node.column_ref->n_fields - 1]);
    if (word == "minvalue") return {.kind = Value::Kind::minimum};
    if (word == "maxvalue") return {.kind = Value::Kind::maximum};
  }
  if (node.node_case == PG_QUERY__NODE__NODE_A_CONST && node.a_const->isnull) return {.kind = Value::Kind::null};
  const std::optional<std::string> text = literal_text(node);
  return {.text = text.value_or(""), .known = text.has_value()};
}

PartitionBound read_bound(const Catalog& catalog, const Relation& parent, const PgQuery__PartitionBoundSpec& written) {
  PartitionBound bound;
  if (written.is_default) return bound;
  bound.strategy = *written.strategy;
  bound.values = read_values(written.n_listdatums, written.listdatums);
  bound.lower = read_values(written.n_lowerdatums, written.lowerdatums);
  bound.upper = read_values(written.n_upperdatums, written.upperdatums);
  bound.modulus = written.modulus;
  bound.remainder = written.remainder;
  note_order(catalog, parent, bound);
  return bound;
}

PartitionBound read_bound(const Catalog& catalog, const Relation& parent, const std::string& text) {
  PartitionBound bound;
  visit_trees({{.text = "ALTER TABLE t ATTACH PARTITION p " + text}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return;
    const PgQuery__AlterTableCmd& command = *node->alter_table_stmt->cmds[0]->alter_table_cmd;
    bound = read_bound(catalog, parent, *command.def->partition_cmd->bound);
  });
  return bound;
}

Condition bound_condition(const Catalog& catalog, const Relation& parent, const PartitionBound& bound) {
  Condition all = bound.strategy == 0
                      ? default_condition(catalog, parent)
                      : Condition{.kind = Condition::Kind::all, .parts = {own_condition(parent, bound)}};
  const Relation* above = catalog.relations.get(parent.partition.parent);
  if (above) all.parts.push_back(bound_condition(catalog, *above, read_bound(catalog, *above, parent.partition.bound)));
  return all;
}

std::optional<bool> takes_key(const PartitionBound& bound, const std::vector<Value>& key) {
  if (bound.strategy == 'l' && key.size() == 1) {
    bool unsure = false;
    for (const Value& each : bound.values) {
      const std::optional<int> order = compare(key[0], each);
      if (order == 0) return true;
      // Texts that differ are different values only where they are texts.
      unsure |= !order && !(each.known && key[0].known);
    }
    return unsure ? std::nullopt : std::optional(false);
  }
  if (bound.strategy != 'r') return std::nullopt;
  if (std::ranges::any_of(key, [](const Value& each) { return each.kind == Value::Kind::null; })) return false;
  const std::optional<int> low = compare(bound.lower, key), high = compare(key, bound.upper);
  if (!low || !high) return std::nullopt;
  return *low <= 0 && *high < 0;
}

std::optional<int> compare_bounds(const PartitionBound& a, const PartitionBound& b) {
  if (a.strategy == 'r') return compare(a.lower, b.lower);
  const Value* mine = smallest(a.values);
  const Value* theirs = smallest(b.values);
  return a.strategy == 'l' && mine && theirs ? compare(*mine, *theirs) : std::nullopt;
}

void check_bound(Execution& execution, const Relation& parent, const std::string& partition,
                 const PartitionBound& bound) {
  const char strategy = parent.partition.strategy;
  if (bound.strategy == 0) {
    const Relation* existing = execution.catalog.relations.get(parent.partition.default_partition);
    if (strategy == 'h') execution.fail("42P16", "a hash-partitioned table may not have a default partition");
    if (!existing) return;
    execution.fail("42P17", fmt::format("partition \"{}\" conflicts with existing default partition \"{}\"", partition,
                                        existing->name));
  }
  if (strategy && bound.strategy != strategy) {
    execution.fail("42P16", fmt::format("invalid bound specification for a {} partition", strategy_word(strategy)));
  }
  if (bound.strategy == 'r') check_range(execution, partition, bound);
  if (bound.strategy == 'h') check_hash(execution, parent, bound);
  for (const ObjectId id : parent.children) {
    const Relation& sibling = *execution.catalog.relations.get(id);
    const PartitionBound theirs = read_bound(execution.catalog, parent, sibling.partition.bound);
    if (theirs.strategy != bound.strategy || !overlap(bound, theirs)) continue;
    execution.fail("42P17", fmt::format("partition \"{}\" would overlap partition \"{}\"", partition, sibling.name));
  }
}

}  // namespace martlet
