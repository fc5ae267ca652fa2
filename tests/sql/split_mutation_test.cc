// split() on thousands of damaged inputs: it ends, and loses nothing.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split_plain.h"
#include "sql/split_postgres.h"
#include "tests/sql/split_case.h"

namespace martlet::testing {
namespace {

const char* const fragments[] = {
    "'",
    "\"",
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "\n",
    ";",
    "(",
    ")",
    "\\",
    "E'",
    "U&'",
    "\xC3\xA9",
    "0x1",
    "1_0",
    "`",
    "[",
    "]",
    ".x",
    "\r\n",
    " begin atomic ",
    " end ",
    " case ",
    "create function f() ",
    "copy t from stdin;\n",
    "\\.\n",
    "\\restrict x\n",
    "create trigger t begin ",
    "end;",
    " ",
    "a",
    "'a'\n'b'",
};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (std::size_t i = 0, times = 1 + below(4); i < times; ++i) mutate_once(text);
    return text;
  }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

 private:
  void mutate_once(std::string& text) {
    std::size_t at = character_start(text, below(text.size() + 1));
    std::size_t end = character_start(text, at + below(std::min<std::size_t>(text.size() - at, 20) + 1));
    switch (below(3)) {
      case 0:
        text.insert(at, fragments[below(std::size(fragments))]);
        break;
      case 1:
        text.erase(at, end - at);
        break;
      default:
        text.insert(below(2) == 0 ? at : end, text.substr(at, end - at));
    }
  }

  static std::size_t character_start(const std::string& text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
  }

  std::mt19937 random_;
};

std::size_t offset_of(std::string_view text, const Place& place) {
  std::size_t offset = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int line = 1; line < place.line; ++line) offset = text.find('\n', offset) + 1;
  for (int column = 1; column < place.column; ++column) {
    do ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80);
  }
  return offset;
}

/// What stands between statements is blank: comments, semicolons, \restrict lines.
void expect_blank(std::string_view gap, Dialect dialect) {
  if (gap.starts_with("\xEF\xBB\xBF")) gap.remove_prefix(3);
  Lexer lexer(gap, dialect);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    if (token.is('\\') && (lexer.accept("restrict") || lexer.accept("unrestrict"))) {
      lexer = Lexer(gap = gap.substr(std::min(gap.find('\n', token.offset), gap.size())), dialect);
      continue;
    }
    ASSERT_TRUE(token.is(';')) << "lost: " << token.text;
  }
}

/// Passes over the data of a COPY whose `;` is at or after `offset`.
std::size_t after_copy_data(std::string_view text, const Statement& statement, std::size_t offset) {
  std::size_t begin = std::min(text.find('\n', text.find(';', offset)), text.size() - 1) + 1;
  EXPECT_EQ(text.substr(begin, statement.copy_data.size()), statement.copy_data);
  EXPECT_EQ(text.substr(begin + statement.copy_data.size(), 2), "\\.");
  return begin + statement.copy_data.size() + 2;
}

void expect_nothing_lost(const std::string& text, Dialect dialect, const std::vector<Statement>& statements) {
  std::size_t offset = 0;
  for (const Statement& statement : statements) {
    std::size_t start = offset_of(text, statement.place);
    ASSERT_GE(start, offset);
    ASSERT_EQ(text.substr(start, statement.text.size()), statement.text);
    expect_blank(std::string_view(text).substr(offset, start - offset), dialect);
    offset = start + statement.text.size();
    // Comments after COPY … may hold any `;`: the data is looked for behind them only where there are none.
    if (statement.is_copy_in) offset = after_copy_data(text, statement, offset);
  }
  expect_blank(std::string_view(text).substr(offset), dialect);
}

void expect_sane(const std::string& text, Dialect dialect) {
  SCOPED_TRACE(text);
  try {
    expect_nothing_lost(text, dialect, split({text, "x.sql", 1}, dialect));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::validation);
    EXPECT_LE(offset_of(text, error.place), text.size());
    EXPECT_GT(error.place.column, 0);
  }
}

void expect_same(const std::vector<Statement>& statements, const SourceText& source) {
  std::vector<Statement> scanned;
  try {
    scanned = split_scanned(source);
  } catch (const Error& error) {
    FAIL() << error.place.text() << ": " << error.message;
  }
  ASSERT_EQ(statements.size(), scanned.size());
  for (std::size_t i = 0; i < scanned.size(); ++i) {
    EXPECT_EQ(statements[i].text, scanned[i].text);
    EXPECT_EQ(statements[i].place.text(), scanned[i].place.text());
    EXPECT_FALSE(scanned[i].is_copy_in);
  }
}

void mutate_all(Dialect dialect, unsigned seed, int rounds) {
  Mutator mutator(seed);
  std::filesystem::path folder = MARTLET_SOURCE_DIR "/tests/sql/split";
  auto cases = read_split_cases(folder / dialect_name(dialect), dialect);
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    expect_sane(mutator.mutate(cases[mutator.below(cases.size())].input), dialect);
  }
}

// What the server's scanner makes of a text, split_plain() makes of it, or nothing.
TEST(SplitMutations, PlainAgreesWithTheScanner) {
  Mutator mutator(4);
  auto cases = read_split_cases(MARTLET_SOURCE_DIR "/tests/sql/split/postgres", Dialect::postgres);
  int plain = 0;
  for (int round = 0; round < 40'000 && !HasFailure(); ++round) {
    const SourceText source{mutator.mutate(cases[mutator.below(cases.size())].input), "x.sql", 1};
    SCOPED_TRACE(source.text);
    const auto statements = split_plain(source);
    if (!statements) continue;
    ++plain;
    expect_same(*statements, source);
  }
  EXPECT_GT(plain, 10'000);
}

TEST(SplitMutations, Postgres) {
  mutate_all(Dialect::postgres, 1, 20'000);
}

TEST(SplitMutations, Sqlite) {
  mutate_all(Dialect::sqlite, 2, 20'000);
}

TEST(SplitMutations, SqliteAgreesOnWhatIsComplete) {
  Mutator mutator(3);
  auto cases = read_split_cases(MARTLET_SOURCE_DIR "/tests/sql/split/sqlite", Dialect::sqlite);
  for (int round = 0; round < 10'000 && !HasFailure(); ++round) {
    std::string text = mutator.mutate(cases[mutator.below(cases.size())].input);
    if (lower(text).find("explain") != std::string::npos) continue;
    std::vector<Statement> statements;
    try {
      statements = split({text, "x.sql", 1}, Dialect::sqlite);
    } catch (const Error&) {
      continue;
    }
    for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
      EXPECT_TRUE(sqlite3_complete((statements[i].text + ";").c_str())) << statements[i].text << "\n-- of --\n" << text;
    }
  }
}

}  // namespace
}  // namespace martlet::testing
