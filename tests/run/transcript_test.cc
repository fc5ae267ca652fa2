// Runs the transcripts of tests/run/cases on both databases: the real program, in a folder and a database of its own.
//
//   == title                 begins a case; `only sqlite` or `only postgres` below it limits it
//   file NAME                writes the lines below it; `remove NAME` removes a file
//   $ COMMAND                a shell command; below it what it prints (stdout, then stderr), and `exit N` where N != 0
//   sql STATEMENT            asks the database; below it its rows, `|` between values
//
// A line `[sqlite] …` or `[postgres] …` counts for that database only. In what is expected `*` stands for any text and
// a line `...` for any lines. With MARTLET_REBASELINE set, what does not match is rewritten.
#include "tests/support/transcript.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <sstream>

#include "base/files.h"
#include "base/text.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

namespace fs = std::filesystem;
using Items = std::vector<TranscriptItem>;
using Lines = std::vector<std::string>;

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// A folder and a database for one case on one dialect.
class Stage {
 public:
  explicit Stage(std::string_view dialect) {
    if (dialect == "postgres") database_.emplace(fresh_database());
    url_ = database_ ? database_->text() : "sqlite:" + (folder_ / "test.db").string();
  }

  void write(const std::string& name, const Lines& lines) const { folder_.write(name, joined(lines)); }
  void remove(const std::string& name) const { fs::remove(folder_ / name); }

  Lines run_command(const std::string& command) const {
    const std::string programs = fs::path(MARTLET_PROGRAM).parent_path().string();
    const Finished done = run({.arguments = {"/bin/sh", "-c", command},
                               .environment = {{"PATH", programs + ":" + std::getenv("PATH")},
                                               {"DATABASE_URL", url_},
                                               {"MARTLET_ACTOR", "tester"},
                                               {"CI", std::nullopt},
                                               {"GITHUB_ACTIONS", std::nullopt}},
                               .folder = folder_.path()});
    Lines lines;
    std::istringstream text(plain(done.out + done.err));
    for (std::string line; std::getline(text, line);) {
      while (line.ends_with(' ')) line.pop_back();
      if (!line.empty()) lines.push_back(line);
    }
    if (done.exit_code != 0) lines.push_back(fmt::format("exit {}", done.exit_code));
    return lines;
  }

  Lines query(const std::string& sql) const {
    Lines lines;
    try {
      const auto connection = open_connection(Url::parse(url_), {.missing = OpenOptions::Missing::create});
      for (const auto& row : connection->execute(sql).rows) {
        Lines values;
        for (const auto& value : row) values.push_back(value.value_or("NULL"));
        lines.push_back(plain(join(values, "|")));
      }
    } catch (const Error& error) {
      lines.push_back(plain("error: " + error.message));
    }
    return lines;
  }

 private:
  // What differs from run to run gets a name.
  std::string plain(std::string text) const {
    const auto replace_all = [&](const std::string& what, const std::string& by) {
      for (auto at = text.find(what); !what.empty() && at != text.npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
      }
    };
    replace_all(url_, "URL");
    if (database_) replace_all(database_->name(), "DATABASE");
    if (database_) replace_all(database_->name().substr(5), "HEX");
    replace_all(cluster_folder(), "SOCKET");
    replace_all(folder_.path().string(), "DIR");
    char host[256] = {};
    gethostname(host, sizeof host - 1);
    replace_all(host, "HOST");
    static const std::regex times(R"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)");
    static const std::regex names(R"(\d{8}_\d{6})");  // of backups
    static const std::regex durations(R"( *\b\d+(\.\d+)? (ms|s|min \d\d s)(?![a-z]))");
    static const std::regex runs(R"(\b[0-9a-f]{16}\b)");
    static const std::regex columns(R"(([^\s|]) {3,})");
    text = std::regex_replace(text, names, "WHEN");
    text = std::regex_replace(text, times, "WHEN");
    text = std::regex_replace(text, durations, " TIME");
    text = std::regex_replace(text, columns, "$1  ");
    return std::regex_replace(text, runs, "RUN");
  }

  std::string cluster_folder() const { return database_ ? cluster().socket_folder().string() : ""; }

  TemporaryFolder folder_;
  std::optional<TestDatabase> database_;
  std::string url_;
};

bool rebaseline() {
  return std::getenv("MARTLET_REBASELINE") != nullptr;
}

enum class Played { on_both, on_one };

void expect_lines(TranscriptItem& item, const Lines& got, std::string_view dialect, Played played) {
  const Lines expected = lines_for(item.block, dialect);
  if (lines_match(got, expected)) return;
  if (!rebaseline()) {
    ADD_FAILURE() << dialect << ", " << item.head << "\nexpected:\n" << joined(expected) << "got:\n" << joined(got);
  } else if (played == Played::on_one) {
    item.block = got;
  } else if (dialect == "sqlite") {
    item.block = merge_blocks(got, lines_for(item.block, "postgres"));
  } else {
    item.block = merge_blocks(lines_for(item.block, "sqlite"), got);
  }
}

void play(TranscriptItem& item, const Stage& stage, std::string_view dialect, Played played) {
  const Lines heads = lines_for({item.head}, dialect);
  if (heads.empty()) return;
  const std::string_view head = heads[0];
  if (item.head.starts_with('[')) played = Played::on_one;
  const auto rest_of = [&](std::string_view word) { return std::string(head.substr(word.size())); };
  if (head.starts_with("file ")) {
    stage.write(rest_of("file "), lines_for(item.block, dialect));
  } else if (head.starts_with("remove ")) {
    stage.remove(rest_of("remove "));
  } else if (head.starts_with("$ ")) {
    expect_lines(item, stage.run_command(rest_of("$ ")), dialect, played);
  } else if (head.starts_with("sql ")) {
    expect_lines(item, stage.query(rest_of("sql ")), dialect, played);
  } else if (!head.empty() && !head.starts_with("#") && !head.starts_with("only ")) {
    ADD_FAILURE() << "a transcript has the line: " << head;
  }
}

class Transcript : public ::testing::TestWithParam<std::string> {};

TEST_P(Transcript, IsWhatHappens) {
  Items items = read_transcript(read_file(GetParam()));
  const auto is_title = [](const TranscriptItem& item) { return item.head.starts_with("== "); };
  const char* wanted = std::getenv("MARTLET_CASE");  // a part of a title: only those cases
  for (auto begin = std::find_if(items.begin(), items.end(), is_title); begin != items.end();) {
    const auto end = std::find_if(begin + 1, items.end(), is_title);
    SCOPED_TRACE(begin->head);
    for (const std::string dialect : {"sqlite", "postgres"}) {
      const bool limited =
          std::any_of(begin, end, [](const TranscriptItem& item) { return item.head.starts_with("only "); });
      const bool named =
          std::any_of(begin, end, [&](const TranscriptItem& item) { return item.head == "only " + dialect; });
      if ((limited && !named) || (wanted && begin->head.find(wanted) == std::string::npos)) continue;
      const Stage stage(dialect);
      for (auto item = begin + 1; item != end; ++item)
        play(*item, stage, dialect, limited ? Played::on_one : Played::on_both);
    }
    begin = end;
  }
  if (rebaseline()) write_file(GetParam(), to_text(items));
}

std::vector<std::string> transcripts() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(fs::path(MARTLET_SOURCE_DIR) / "tests/run/cases")) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Cases, Transcript, ::testing::ValuesIn(transcripts()), [](const auto& one) {
  std::string name = fs::path(one.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(TranscriptLines, AStarIsAnyTextAndDotsAreAnyLines) {
  EXPECT_TRUE(lines_match({"at V001, 3 pending"}, {"at *, 3 pending"}));
  EXPECT_TRUE(lines_match({"a", "b", "c"}, {"...", "c"}));
  EXPECT_TRUE(lines_match({"c"}, {"...", "c", "..."}));
  EXPECT_FALSE(lines_match({"a", "b"}, {"a"}));
  EXPECT_FALSE(lines_match({"a"}, {"a", "b"}));
  EXPECT_FALSE(lines_match({"at V001, 3 pending"}, {"at *, 4 pending"}));
}

TEST(TranscriptLines, ABlockOfBothDatabasesGivesEachItsOwn) {
  const Lines sqlite{"same", "one", "same too"};
  const Lines postgres{"same", "two", "three", "same too"};
  const Lines merged = merge_blocks(sqlite, postgres);
  EXPECT_EQ(lines_for(merged, "sqlite"), sqlite);
  EXPECT_EQ(lines_for(merged, "postgres"), postgres);
  EXPECT_EQ(merged.front(), "same");
}

}  // namespace
}  // namespace martlet::testing
