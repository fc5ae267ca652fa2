#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "db/connection.h"
#include "schema/operator_class.h"
#include "schema/read/expression_text.h"
#include "schema/read/node_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kIndexes =
    "SELECT indexrelid, indrelid, indisunique, indisprimary, indisexclusion, indimmediate, {0}, indisvalid, "
    "indisready, "
    "indisclustered, indisreplident, indnkeyatts, indkey, indoption, indcollation, indclass, "
    "CASE WHEN indexprs IS NOT NULL AND {1} THEN ARRAY(SELECT pg_get_indexdef(indexrelid, k, false) "
    "FROM generate_series(1, indnatts) AS k WHERE indkey[k - 1] = 0) END, CASE WHEN {1} THEN pg_get_expr(indpred, "
    "indrelid) END, "
    "coalesce(indexprs::text, '') || coalesce(indpred::text, '') FROM pg_index";

constexpr ObjectId kUsualCollation = 100, kCollationOfNames = 950;
constexpr ObjectId kName = 19, kNameArray = 1003;

/// Names for what an index key says by id, where it is not the usual one.
class KeyNames {
 public:
  explicit KeyNames(const Reading& reading) : reading_(reading) {}

  std::string operator_class(ObjectId id, const std::string& method, const Column* column) {
    const OperatorClass* found = reading_.catalog.operator_classes.get(id);
    if (!found) return "";
    const ObjectId usual = column ? usual_class(method, column->type.type) : 0;
    if (column ? usual == id : found->is_default) return "";
    return found->schema == "pg_catalog" ? found->name : fmt::format("{}.{}", found->schema, found->name);
  }

  std::string collation(ObjectId id, const Column* column) const {
    if (id == 0) return "";
    const std::string& name = name_of(reading_.collations, id);
    if (!column) return id == kUsualCollation ? "" : name;
    const std::string& own =
        column->collation.empty() ? name_of(reading_.collations, collation_of(column->type.type)) : column->collation;
    return name == own ? "" : name;
  }

 private:
  ObjectId usual_class(const std::string& method, ObjectId type) {
    const auto key = std::pair(method, type);
    if (const auto at = usual_.find(key); at != usual_.end()) return at->second;
    const OperatorClass* usual = default_operator_class(reading_.catalog, method, type);
    return usual_[key] = usual ? usual->id : 0;
  }

  ObjectId collation_of(ObjectId type) const {
    if (const auto at = reading_.type_collations.find(type); at != reading_.type_collations.end()) return at->second;
    return type == kName || type == kNameArray ? kCollationOfNames : kUsualCollation;
  }

  const Reading& reading_;
  std::map<std::pair<std::string, ObjectId>, ObjectId> usual_;
};

constexpr int kDescending = 1, kNullsFirst = 2;  // pg_index.h, INDOPTION_DESC and INDOPTION_NULLS_FIRST

void take_keys(IndexDefinition& index, const CopiedRow& row, const Relation& table, KeyNames& names) {
  const std::vector<int> columns = row.integers(12), options = row.integers(13);
  const std::vector<ObjectId> collations = row.ids(14), classes = row.ids(15);
  const std::vector<std::string> expressions = row.texts(16);
  const std::size_t key_count = static_cast<std::size_t>(row.integer(11));
  std::size_t expression = 0;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (at >= key_count) {
      index.included.push_back(columns[at]);
      continue;
    }
    IndexKey key{.column = columns[at]};
    if (key.column == 0 && expression < expressions.size()) {
      key.expression = without_parentheses(expressions[expression++]);
    }
    const Column* column = key.column ? table.column(key.column) : nullptr;
    key.opclass = names.operator_class(classes.at(at), index.method, column);
    key.collation = names.collation(collations.at(at), column);
    key.descending = (options.at(at) & kDescending) != 0;
    key.nulls_first = (options.at(at) & kNullsFirst) != 0;
    index.keys.push_back(std::move(key));
  }
}

std::vector<int> columns_read(const IndexDefinition& index, const std::vector<int>& of_expressions) {
  std::vector<int> reads = of_expressions;
  for (const IndexKey& key : index.keys) {
    if (key.column) reads.push_back(key.column);
  }
  reads.insert(reads.end(), index.included.begin(), index.included.end());
  std::ranges::sort(reads);
  reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
  return reads;
}

void take_index(Reading& reading, const CopiedRow& row, KeyNames& names) {
  Relation* relation = reading.relation(row.id(0));
  const Relation* table = reading.relation(row.id(1));
  if (!relation || !table) return;
  IndexDefinition& index = relation->index.emplace();
  index.table = table->id;
  index.method = relation->access_method;
  index.unique = row.flag(2);
  index.primary = row.flag(3);
  index.exclusion = row.flag(4);
  index.immediate = row.flag(5);
  index.nulls_not_distinct = row.flag(6);
  index.valid = row.flag(7);
  index.ready = row.flag(8);
  index.clustered = row.flag(9);
  index.replica_identity = row.flag(10);
  take_keys(index, row, *table, names);
  index.predicate = without_parentheses(row.text(17));
  index.reads = columns_read(index, stored_columns(row.text(18)));
}

// The constraint an index implements knows the index.
void link_constraints(Reading& reading) {
  for (const Relation& table : reading.relations) {
    for (const Constraint& each : table.constraints) {
      if (!each.index || each.kind == Constraint::Kind::foreign_key) continue;
      Relation* relation = reading.relation(each.index);
      if (relation && relation->index) relation->index->constraint = each.id;
    }
  }
}

}  // namespace

void read_indexes(Reading& reading) {
  KeyNames names(reading);
  reading.each(
      fmt::format(kIndexes, reading.from(150000, "indnullsnotdistinct", "false"), reading.readable("indrelid")),
      [&](const CopiedRow& row) { take_index(reading, row, names); });
  link_constraints(reading);
}

}  // namespace martlet
