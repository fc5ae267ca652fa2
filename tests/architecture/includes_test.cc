// Reads every #include under src/ against the tables of ARCHITECTURE.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = MARTLET_SOURCE_DIR;

// The words in `backquotes` of each cell, row by row, of the table whose header begins with `first`.
std::vector<std::vector<std::vector<std::string>>> table_of(const std::string& first) {
  std::vector<std::vector<std::vector<std::string>>> rows;
  const std::string document = read_file(kRoot / "ARCHITECTURE.md");
  bool inside = false;
  for (std::size_t at = 0; at < document.size();) {
    const std::size_t end = std::min(document.find('\n', at), document.size());
    const std::string line = document.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("| " + first + " |")) {
      inside = true;
    } else if (!line.starts_with("|")) {
      inside = false;
    } else if (inside && !line.starts_with("|---")) {
      std::vector<std::vector<std::string>> cells;
      for (const std::string& cell : split_list(line, '|')) {
        static const std::regex kQuoted("`([^`]+)`");
        std::vector<std::string> words;
        for (std::sregex_iterator word(cell.begin(), cell.end(), kQuoted), none; word != none; ++word)
          words.push_back((*word)[1]);
        cells.push_back(words);
      }
      rows.push_back(cells);
    }
  }
  return rows;
}

struct Include {
  std::string file;    // "db/postgres/open.cc"
  std::string header;  // "db/url.h", "libpq-fe.h"
  int line = 0;
  bool ours = false;  // in "quotes"
};

std::vector<Include> all_includes() {
  std::vector<Include> found;
  static const std::regex kInclude(R"(^#include ([<"])([^>"]+)[>"])");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / "src")) {
    if (!entry.is_regular_file()) continue;
    const std::string text = read_file(entry.path());
    const std::string file = fs::relative(entry.path(), kRoot / "src").string();
    int line = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string words = text.substr(at, end - at);
      at = end + 1;
      ++line;
      std::smatch match;
      if (std::regex_search(words, match, kInclude)) found.push_back({file, match[2], line, match[1] == "\""});
    }
  }
  return found;
}

std::map<std::string, int> floors() {
  std::map<std::string, int> floor_of;
  for (const auto& row : table_of("room")) {
    const std::string room = row.at(0).at(0);
    floor_of[room.substr(0, room.size() - 1)] = static_cast<int>(floor_of.size());
  }
  return floor_of;
}

std::string room_of(const std::string& path) {
  return path.substr(0, path.find('/'));
}

TEST(Architecture, ARoomIncludesOnlyRoomsAboveIt) {
  const std::map<std::string, int> floor_of = floors();
  ASSERT_GE(floor_of.size(), 10U) << "the table of rooms was not found";
  std::size_t checked = 0;
  for (const Include& include : all_includes()) {
    if (!include.ours) continue;
    if (include.file == "main.cc") {
      EXPECT_EQ(room_of(include.header), "cli") << "main.cc:" << include.line;
      continue;
    }
    ASSERT_TRUE(floor_of.contains(room_of(include.file))) << include.file << " is in a room that the table lacks";
    ASSERT_TRUE(floor_of.contains(room_of(include.header)))
        << include.file << ":" << include.line << " includes " << include.header << ", which is in no room";
    EXPECT_LE(floor_of.at(room_of(include.header)), floor_of.at(room_of(include.file)))
        << "src/" << include.file << ":" << include.line << " includes " << include.header
        << ", whose room is below its own in ARCHITECTURE.md";
    ++checked;
  }
  EXPECT_GT(checked, 100U);
}

TEST(Architecture, EveryRoomOfTheTableExistsAndEveryFolderIsARoom) {
  const std::map<std::string, int> floor_of = floors();
  for (const auto& [room, floor] : floor_of) EXPECT_TRUE(fs::is_directory(kRoot / "src" / room)) << room;
  for (const fs::directory_entry& entry : fs::directory_iterator(kRoot / "src")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(floor_of.contains(entry.path().filename())) << entry.path();
  }
}

TEST(Architecture, ALibraryIsUsedInItsPlaceOnly) {
  const auto rows = table_of("header");
  ASSERT_GE(rows.size(), 5U) << "the table of libraries was not found";
  const std::vector<Include> includes = all_includes();
  for (const auto& row : rows) {
    const std::string& header = row.at(0).at(0);
    std::size_t users = 0;
    for (const Include& include : includes) {
      if (include.header != header) continue;
      ++users;
      const auto& places = row.at(1);
      EXPECT_TRUE(std::any_of(places.begin(), places.end(),
                              [&](const std::string& place) { return include.file.starts_with(place); }))
          << "src/" << include.file << ":" << include.line << " includes " << header;
    }
    EXPECT_GT(users, 0U) << header << " is included nowhere: take it out of the table";
  }
}

TEST(Architecture, HeavyHeadersStayOutOfHeaders) {
  const std::vector<std::string> heavy{"fmt/format.h", "fmt/core.h", "spdlog/spdlog.h", "CLI/CLI.hpp", "toml++/toml.h"};
  for (const Include& include : all_includes()) {
    if (!include.file.ends_with(".h")) continue;
    EXPECT_EQ(std::count(heavy.begin(), heavy.end(), include.header), 0)
        << "src/" << include.file << ":" << include.line << " includes " << include.header;
  }
}

}  // namespace
}  // namespace martlet
