#include <fmt/format.h>

#include <algorithm>

#include "schema/description_names.h"

namespace martlet {
namespace {

using Facts = std::map<std::string, Fact>;

std::string_view kind_word(RelationKind kind) {
  switch (kind) {
    case RelationKind::table:
      return "table";
    case RelationKind::partitioned_table:
      return "partitioned table";
    case RelationKind::index:
      return "index";
    case RelationKind::partitioned_index:
      return "partitioned index";
    case RelationKind::sequence:
      return "sequence";
    case RelationKind::view:
      return "view";
    case RelationKind::materialized_view:
      return "materialized view";
    case RelationKind::foreign_table:
      return "foreign table";
    case RelationKind::composite_type:
      return "composite type";
  }
  return "";
}

std::string_view persistence_word(Persistence persistence) {
  return persistence == Persistence::unlogged    ? "unlogged"
         : persistence == Persistence::temporary ? "temporary"
                                                 : "permanent";
}

std::string letter(char value) {
  return value ? std::string(1, value) : "";
}

/// One relation's parts, each an object of its own below the relation.
class Parts {
 public:
  Parts(const Catalog& catalog, const Relation& relation, CatalogDescription& into)
      : catalog_(catalog), relation_(relation), into_(into), parent_("relation " + full_name(relation)) {}

  void add_all() {
    add_relation();
    for (const Column& each : relation_.columns) add_column(each);
    for (const Constraint& each : relation_.constraints) {
      describe_constraint(catalog_, parent_, name_of("constraint", each.name), &relation_, each, into_);
    }
    for (const Trigger& each : relation_.triggers) {
      if (!each.internal) add_trigger(each);
    }
    for (const Policy& each : relation_.policies) add_policy(each);
    for (const Rule& each : relation_.rules) add_rule(each);
    for (const Statistics& each : relation_.statistics) add_statistics(each);
    if (relation_.index) add_index(*relation_.index);
  }

 private:
  std::string name_of(std::string_view kind, std::string_view name) const {
    return fmt::format("{} {}.{}", kind, full_name(relation_), name);
  }
  Facts& part(std::string_view kind, std::string_view name) {
    ObjectDescription& described = into_[name_of(kind, name)];
    described.parent = parent_;
    return described.facts;
  }
  Facts& own() { return into_[parent_].facts; }

  void add_relation();
  void add_partition();
  void add_sequence();
  void add_column(const Column& column);
  void add_trigger(const Trigger& trigger);
  void add_policy(const Policy& policy);
  void add_rule(const Rule& rule);
  void add_statistics(const Statistics& statistics);
  void add_index(const IndexDefinition& index);
  std::string function_names(const std::vector<ObjectId>& ids) const;

  const Catalog& catalog_;
  const Relation& relation_;
  CatalogDescription& into_;
  std::string parent_;
};

std::string Parts::function_names(const std::vector<ObjectId>& ids) const {
  std::vector<std::string> names;
  for (const ObjectId id : ids) names.push_back(function_name(catalog_, id));
  return joined_sorted(std::move(names));
}

void Parts::add_relation() {
  Facts& facts = own();
  std::vector<std::string> names;
  for (const Column& each : relation_.columns) names.push_back(each.name);
  facts["kind"] = {std::string(kind_word(relation_.kind))};
  facts["persistence"] = {std::string(persistence_word(relation_.persistence))};
  facts["owner"] = {relation_.owner.empty() ? std::string(kUnknown) : relation_.owner};
  facts["tablespace"] = {relation_.tablespace};
  if (relation_.is_heap()) {
    facts["access method"] = {relation_.access_method.empty() ? "heap" : relation_.access_method};
  }
  facts["options"] = {joined_sorted(relation_.options)};
  facts["columns"] = {joined(names)};
  facts["of type"] = {relation_.of_type ? type_name(catalog_, {relation_.of_type}) : ""};
  if (relation_.kind == RelationKind::table || relation_.kind == RelationKind::partitioned_table) {
    facts["row security"] = {words(relation_.row_security)};
    facts["forced row security"] = {words(relation_.force_row_security)};
    facts["replica identity"] = {letter(relation_.replica_identity)};
  }
  facts["inherits"] = {names_of_relations(catalog_, relation_.inherits)};
  facts["calls"] = {function_names(relation_.calls)};
  facts["publications"] = {joined_sorted(relation_.publications)};
  facts["server"] = {relation_.server};
  facts["its indexes"] = {names_of_relations(catalog_, relation_.indexes)};
  facts["its sequences"] = {names_of_relations(catalog_, relation_.sequences)};
  facts["its children"] = {names_of_relations(catalog_, relation_.children)};
  facts["referred to by"] = {names_of_relations(catalog_, relation_.referrers)};
  facts["read by"] = {names_of_relations(catalog_, relation_.dependents)};
  add_partition();
  add_sequence();
  if (!relation_.view) return;
  facts["reads"] = {names_of_uses(catalog_, relation_.view->uses)};
  facts["security invoker"] = {words(relation_.view->security_invoker)};
  facts["populated"] = {words(relation_.view->populated)};
}

void Parts::add_partition() {
  const PartitionFacts& partition = relation_.partition;
  Facts& facts = own();
  if (partition.strategy) {
    facts["partitioned by"] = {
        fmt::format("{} ({})", partition.strategy, column_names(relation_, partition.key_columns))};
    facts["default partition"] = {relation_name(catalog_, partition.default_partition)};
    for (std::size_t at = 0; at < partition.key_expressions.size(); ++at) {
      facts[fmt::format("partition expression {}", at + 1)] = {partition.key_expressions[at], Fact::Sort::expression};
    }
  }
  if (relation_.is_index() || !partition.parent) return;
  facts["partition of"] = {relation_name(catalog_, partition.parent)};
  facts["bound"] = {partition.bound, Fact::Sort::bound};
  facts["detach pending"] = {words(partition.detach_pending)};
}

void Parts::add_sequence() {
  if (relation_.kind != RelationKind::sequence) return;
  Facts& facts = own();
  const auto owner = names_of_uses(catalog_, {relation_.owned_by});
  facts["owned by"] = {relation_.owned_by.relation ? owner : ""};
  const std::string unknown(kUnknown);
  const auto fact = [&](std::string_view name, auto value) {
    facts[std::string(name)] = {relation_.sequence ? fmt::format("{}", value()) : unknown};
  };
  fact("type", [&] { return type_name(catalog_, {relation_.sequence->type}); });
  fact("start", [&] { return relation_.sequence->start; });
  fact("increment", [&] { return relation_.sequence->increment; });
  fact("minimum", [&] { return relation_.sequence->minimum; });
  fact("maximum", [&] { return relation_.sequence->maximum; });
  fact("cache", [&] { return relation_.sequence->cache; });
  fact("cycles", [&] { return words(relation_.sequence->cycles); });
}

void Parts::add_column(const Column& column) {
  Facts& facts = part("column", column.name);
  facts["type"] = {type_name(catalog_, column.type)};
  facts["collation"] = {column.collation};
  facts["not null"] = {words(column.not_null)};
  facts["default"] = {column.default_sql, Fact::Sort::expression};
  facts["identity"] = {column.identity == Column::Identity::always       ? "always"
                       : column.identity == Column::Identity::by_default ? "by default"
                                                                         : ""};
  facts["generated"] = {words(column.generated)};
  facts["inherited"] = {words(column.inherited)};
  facts["local"] = {words(column.local)};
  facts["storage"] = {letter(column.storage)};
  facts["compression"] = {letter(column.compression)};
  facts["statistics target"] = {std::to_string(column.statistics_target)};
  facts["options"] = {joined_sorted(column.options)};
  facts["sequence"] = {relation_name(catalog_, column.owned_sequence)};
}

void Parts::add_trigger(const Trigger& trigger) {
  Facts& facts = part("trigger", trigger.name);
  facts["function"] = {function_name(catalog_, trigger.function)};
  facts["constraint"] = {words(trigger.constraint != 0)};
  facts["enabled"] = {letter(trigger.enabled)};
  facts["for each"] = {trigger.row ? "row" : "statement"};
  facts["when it fires"] = {trigger.before ? "before" : trigger.instead_of ? "instead of" : "after"};
  facts["insert"] = {words(trigger.on_insert)};
  facts["update"] = {words(trigger.on_update)};
  facts["delete"] = {words(trigger.on_delete)};
  facts["truncate"] = {words(trigger.on_truncate)};
  facts["update of"] = {column_names(relation_, trigger.columns)};
  facts["condition reads"] = {column_names(relation_, trigger.reads)};
  facts["condition"] = {trigger.when, Fact::Sort::expression};
  facts["arguments"] = {trigger.arguments};
  facts["is a copy"] = {words(trigger.parent != 0)};
}

void Parts::add_policy(const Policy& policy) {
  Facts& facts = part("policy", policy.name);
  facts["command"] = {letter(policy.command)};
  facts["permissive"] = {words(policy.permissive)};
  facts["roles"] = {joined_sorted(policy.roles)};
  facts["reads"] = {names_of_uses(catalog_, policy.uses)};
  facts["using"] = {policy.using_sql, Fact::Sort::expression};
  facts["check"] = {policy.check_sql, Fact::Sort::expression};
}

void Parts::add_rule(const Rule& rule) {
  Facts& facts = part("rule", rule.name);
  facts["event"] = {letter(rule.event)};
  facts["instead"] = {words(rule.instead)};
  facts["enabled"] = {letter(rule.enabled)};
  facts["reads"] = {names_of_uses(catalog_, rule.uses)};
}

void Parts::add_statistics(const Statistics& statistics) {
  ObjectDescription& described = into_["statistics " + full_name(statistics)];
  described.parent = parent_;
  described.facts["table"] = {full_name(relation_)};
  std::vector<std::string> names;
  for (const int number : statistics.columns) names.push_back(column_names(relation_, {number}));
  described.facts["columns"] = {joined_sorted(std::move(names))};
  std::string kinds = statistics.kinds;
  std::ranges::sort(kinds);
  described.facts["kinds"] = {kinds};
  described.facts["expressions"] = {std::to_string(statistics.expressions.size())};
}

void Parts::add_index(const IndexDefinition& index) {
  Facts& facts = own();
  const Relation* table = catalog_.relations.get(index.table);
  facts["table"] = {relation_name(catalog_, index.table)};
  facts["method"] = {index.method};
  facts["unique"] = {words(index.unique)};
  facts["primary"] = {words(index.primary)};
  facts["exclusion"] = {words(index.exclusion)};
  facts["immediate"] = {words(index.immediate)};
  facts["nulls not distinct"] = {words(index.nulls_not_distinct)};
  facts["valid"] = {words(index.valid)};
  facts["ready"] = {words(index.ready)};
  facts["clustered"] = {words(index.clustered)};
  facts["is replica identity"] = {words(index.replica_identity)};
  facts["predicate"] = {index.predicate, Fact::Sort::expression};
  facts["attached to"] = {relation_name(catalog_, index.parent)};
  facts["implements a constraint"] = {words(index.constraint != 0)};
  facts["keys"] = {std::to_string(index.keys.size())};
  for (std::size_t at = 0; at < index.keys.size(); ++at) {
    const IndexKey& key = index.keys[at];
    const std::string prefix = fmt::format("key {}", at + 1);
    if (key.column && table) facts[prefix] = {column_names(*table, {key.column})};
    if (!key.column) facts[prefix] = {key.expression, Fact::Sort::expression};
    facts[prefix + " settings"] = {fmt::format("{} {} {} {}", key.opclass, key.collation,
                                               key.descending ? "descending" : "ascending",
                                               key.nulls_first ? "nulls first" : "nulls last")};
  }
  if (!table) return;
  facts["included"] = {column_names(*table, index.included)};
  std::vector<int> reads = index.reads;
  std::ranges::sort(reads);
  facts["reads"] = {column_names(*table, reads)};
}

}  // namespace

void describe_relation(const Catalog& catalog, const Relation& relation, CatalogDescription& into) {
  Parts(catalog, relation, into).add_all();
}

}  // namespace martlet
