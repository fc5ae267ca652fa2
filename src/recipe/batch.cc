#include "recipe/batch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr int kBatchRows = 10000;

NLOHMANN_JSON_SERIALIZE_ENUM(BatchChange::Kind, {{BatchChange::Kind::update, "update"},
                                                 {BatchChange::Kind::remove, "delete"},
                                                 {BatchChange::Kind::insert, "insert"}})

std::string source_as(const BatchChange& change, const std::string& table) {
  return change.alias.empty() ? table : table + " AS " + change.alias;
}

// `key IN (SELECT key … LIMIT …)`
std::string rows_of_one(const BatchChange& change, const std::string& source) {
  const std::string where = change.condition.empty() ? "" : " WHERE " + change.condition;
  if (change.key.empty()) {
    return fmt::format("ctid = ANY (ARRAY(SELECT ctid FROM {}{} LIMIT {}))", source, where, kBatchRows);
  }
  std::vector<std::string> columns;
  for (const BatchChange::Key& each : change.key) columns.push_back(each.column);
  const std::string list = join(columns, ", ");
  return fmt::format("{} IN (SELECT {} FROM {}{} LIMIT {})", columns.size() == 1 ? list : "(" + list + ")", list,
                     source, where, kBatchRows);
}

}  // namespace

std::string BatchChange::source() const {
  return source_as(*this, table);
}

std::string BatchChange::to_json() const {
  nlohmann::json keys = nlohmann::json::array();
  for (const Key& each : key) keys.push_back({each.column, each.type});
  return nlohmann::json{{"kind", kind},
                        {"table", table},
                        {"alias", alias},
                        {"key", std::move(keys)},
                        {"assignments", assignments},
                        {"target", target},
                        {"values", values},
                        {"conflict", conflict},
                        {"condition", condition},
                        {"rows", rows},
                        {"pages", pages}}
      .dump();
}

BatchChange BatchChange::from_json(const std::string& text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    BatchChange change{.kind = json.at("kind").get<Kind>(),
                       .table = json.at("table"),
                       .alias = json.at("alias"),
                       .assignments = json.at("assignments"),
                       .target = json.at("target"),
                       .values = json.at("values"),
                       .conflict = json.at("conflict"),
                       .condition = json.at("condition"),
                       .rows = json.at("rows"),
                       .pages = json.at("pages")};
    for (const nlohmann::json& each : json.at("key")) change.key.push_back({each.at(0), each.at(1)});
    return change;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::partial, "the journal's batched change cannot be read: " + text)
        .next("run the martlet version that wrote it, or settle the step by hand and run `martlet repair`");
  }
}

std::string batch_sql(const BatchChange& change, const std::string& table) {
  const std::string source = source_as(change, table);
  const std::string rows = rows_of_one(change, source);
  if (change.kind == BatchChange::Kind::remove) return fmt::format("DELETE FROM {} WHERE {}", source, rows);
  return fmt::format("UPDATE {} SET {} WHERE {}", source, change.assignments, rows);
}

}  // namespace martlet
