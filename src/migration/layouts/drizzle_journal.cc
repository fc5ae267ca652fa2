#include "migration/layouts/drizzle_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "migration/source.h"

namespace martlet::drizzle {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& path, LineColumn at, const std::string& why) {
  throw Error(ErrorKind::validation, fmt::format("cannot read the journal: {}", why))
      .at({path, at.line, at.column})
      .next("restore the file from version control, or let drizzle-kit write it again");
}

Json parse(const std::string& path) {
  const SourceText source = read_source(path);
  Json journal;
  try {
    journal = Json::parse(source.text);
  } catch (const Json::parse_error& error) {
    refuse(path, line_column_at(source.text, error.byte > 0 ? error.byte - 1 : 0), "it is not valid JSON");
  }
  if (!journal.is_object() || !journal.contains("entries") || !journal["entries"].is_array()) {
    refuse(path, {}, "it has no list `entries`");
  }
  for (const Json& entry : journal["entries"]) {
    if (!entry.is_object() || !entry.contains("tag") || !entry["tag"].is_string())
      refuse(path, {}, "an entry has no `tag`");
  }
  return journal;
}

long long now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void write(const std::string& path, const Json& journal) {
  write_file(path, journal.dump(2) + "\n");
}

// The number a tag begins with, else the number of entries before it.
long long index_of(const std::string& tag, std::size_t otherwise) {
  const auto digits = std::min(tag.find_first_not_of("0123456789"), tag.size());
  return digits > 0 && digits < 10 ? std::stoll(tag.substr(0, digits)) : static_cast<long long>(otherwise);
}

}  // namespace

std::vector<std::string> read_journal(const std::string& path) {
  std::vector<std::string> tags;
  const Json journal = parse(path);
  for (const Json& entry : journal["entries"]) tags.push_back(entry["tag"].get<std::string>());
  return tags;
}

void append_to_journal(const std::string& path, const std::string& tag) {
  Json journal = std::filesystem::exists(path)
                     ? parse(path)
                     : Json{{"version", "7"}, {"dialect", "postgresql"}, {"entries", Json::array()}};
  Json& entries = journal["entries"];
  const Json version = journal.contains("version") ? journal["version"] : Json("7");
  // drizzle's own runner applies by time: an entry must be later than the one before it.
  long long when = now_ms();
  if (!entries.empty()) when = std::max(when, entries.back().value("when", 0LL) + 1);
  entries.push_back(Json{{"idx", index_of(tag, entries.size())},
                         {"version", version},
                         {"when", when},
                         {"tag", tag},
                         {"breakpoints", true}});
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  write(path, journal);
}

void rename_in_journal(const std::string& path, const std::string& from, const std::string& to) {
  Json journal = parse(path);
  std::vector<Json> entries = journal["entries"].get<std::vector<Json>>();
  long long latest = 0;
  for (const Json& entry : entries) latest = std::max(latest, entry.value("when", 0LL));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i]["tag"] != from) continue;
    entries[i]["tag"] = to;
    entries[i]["idx"] = index_of(to, i);
    entries[i]["when"] = latest + 1;
    std::rotate(entries.begin() + static_cast<std::ptrdiff_t>(i), entries.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                entries.end());
    break;
  }
  journal["entries"] = entries;
  write(path, journal);
}

}  // namespace martlet::drizzle
