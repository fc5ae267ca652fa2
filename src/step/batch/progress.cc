#include "step/batch/progress.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace martlet {
namespace {

long long number(const std::string& text) {
  return text.empty() ? 0 : std::stoll(text);
}

SkippedRow skipped_from(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text);
  return {json.at("key").get<RowKey>(), json.at("why").get<std::string>()};
}

}  // namespace

std::string BatchRange::to_json() const {
  return nlohmann::json{{"from", from}, {"until", until}, {"after", after}, {"done", done}, {"changed", changed}}
      .dump();
}

BatchRange BatchRange::from_json(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text);
  return {json.at("from").get<RowKey>(), json.at("until").get<RowKey>(), json.at("after").get<RowKey>(),
          json.at("done").get<bool>(), json.at("changed").get<long long>()};
}

long long BatchProgress::changed() const {
  long long sum = changed_before;
  for (const BatchRange& each : ranges) sum += each.changed;
  return sum;
}

bool BatchProgress::has_skipped(const RowKey& key) const {
  return std::ranges::find(skipped, key, &SkippedRow::key) != skipped.end();
}

void BatchProgress::begin_pass() {
  changed_before = changed();
  ++pass;
  for (BatchRange& each : ranges) {
    each.after.clear();
    each.done = false;
    each.changed = 0;
  }
}

std::string BatchProgress::range_name(std::size_t index) {
  return "range." + std::to_string(index);
}

std::string BatchProgress::skipped_name(std::size_t index) {
  return "skipped." + std::to_string(index);
}

std::string BatchProgress::to_json(const SkippedRow& row) {
  return nlohmann::json{{"key", row.key}, {"why", row.why}}.dump();
}

Cursor BatchProgress::cursor() const {
  Cursor cursor;
  cursor.set("kind", "batched");
  cursor.set("change", change.to_json());
  cursor.set("pass", std::to_string(pass));
  cursor.set("changed_before", std::to_string(changed_before));
  for (std::size_t i = 0; i < ranges.size(); ++i) cursor.set(range_name(i), ranges[i].to_json());
  for (std::size_t i = 0; i < skipped.size(); ++i) cursor.set(skipped_name(i), to_json(skipped[i]));
  return cursor;
}

BatchProgress BatchProgress::from_cursor(const Cursor& cursor) {
  try {
    BatchProgress progress{.change = BatchChange::from_json(cursor.get("change"))};
    progress.pass = static_cast<int>(number(cursor.get("pass")));
    progress.changed_before = number(cursor.get("changed_before"));
    for (std::size_t i = 0; !cursor.get(range_name(i)).empty(); ++i) {
      progress.ranges.push_back(BatchRange::from_json(cursor.get(range_name(i))));
    }
    for (const auto& [name, text] : cursor.all()) {
      if (name.starts_with("skipped.")) progress.skipped.push_back(skipped_from(text));
    }
    return progress;
  } catch (const std::exception& broken) {
    if (dynamic_cast<const Error*>(&broken)) throw;
    throw Error(ErrorKind::partial, "the journal's entry of a batched change cannot be read: " + cursor.text())
        .next("run the martlet version that wrote it, or settle the step by hand and run `martlet repair`");
  }
}

}  // namespace martlet
