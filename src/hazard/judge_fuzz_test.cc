// Mutated SQL through split, parse, model and hazards: nothing may crash, leak, hang or point outside the text. The
// mutations are the same in every run; the sanitizers, under which unit tests run, see what a plain build would not.
// A coverage-guided fuzzer would need every room compiled a third time, by another compiler, in every check.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.h"
#include "hazard/example.h"
#include "hazard/example_texts.h"
#include "hazard/fix.h"
#include "hazard/judge.h"
#include "migration/sections.h"
#include "migration/source.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr int kRounds = 1500;
constexpr std::size_t kLongest = 4000;

std::vector<std::string> seeds() {
  std::vector<std::string> all{
      "DO $$ BEGIN EXECUTE 'DROP TABLE ' || name; UPDATE a SET b = 1; END $$;",
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END $f$;",
      "ALTER TABLE a ADD b int, ALTER c TYPE bigint USING c::bigint, DROP d CASCADE, RENAME TO e;",
      "WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM x ON CONFLICT DO NOTHING;",
      "CREATE TABLE p (id int, at date) PARTITION BY RANGE (at); CREATE TABLE q PARTITION OF p DEFAULT;",
      "COPY a (b) FROM stdin;\n1\n\\.\n",
      "BEGIN; LOCK TABLE a; COMMIT; REINDEX TABLE CONCURRENTLY a; VACUUM FULL a;"};
  for (const ExampleText& each : example_texts()) {
    const std::string_view name = each.file.substr(0, each.file.find('.'));
    if (const auto example = example_of(name)) all.push_back(example->setup + example->migration);
  }
  return all;
}

std::vector<std::string> tokens_of(const std::string& text) {
  std::vector<std::string> tokens;
  Lexer lexer(text, Dialect::postgres);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    tokens.emplace_back(token.text);
    if (token.kind == Token::Kind::unterminated) break;
  }
  return tokens;
}

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed), seeds_(seeds()) {
    for (const std::string& each : seeds_) std::ranges::move(tokens_of(each), std::back_inserter(pool_));
  }

  std::string next() {
    std::string text = pick(seeds_);
    if (below(4) == 0) return bytes_changed(text);
    std::vector<std::string> tokens = tokens_of(text);
    for (std::size_t changes = 1 + below(4); changes > 0 && !tokens.empty(); --changes) change(tokens);
    text = join(tokens, " ");
    if (below(8) == 0) text += ";\n" + pick(seeds_);
    return text.substr(0, kLongest);
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  void change(std::vector<std::string>& tokens) {
    const auto at = tokens.begin() + static_cast<std::ptrdiff_t>(below(tokens.size()));
    switch (below(4)) {
      case 0:
        tokens.erase(at);
        break;
      case 1:
        tokens.insert(at, pick(pool_));
        break;
      case 2:
        *at = pick(pool_);
        break;
      default:
        std::swap(*at, tokens[below(tokens.size())]);
    }
  }
  std::string bytes_changed(std::string text) {
    for (std::size_t changes = 1 + below(6); changes > 0 && !text.empty(); --changes) {
      text[below(text.size())] = static_cast<char>(below(256));
    }
    return text;
  }

  std::mt19937 random_;
  std::vector<std::string> seeds_;
  std::vector<std::string> pool_;
};

void judge_text(Dialect dialect, const std::string& text) {
  Migration migration{.id = "1", .file = "V1__x.sql", .label = "V1"};
  read_sections(normalise_source(text, "V1__x.sql"), migration);
  Judge judge(empty_catalog(), SessionState(), {.dialect = dialect, .max_block_ms = 200});
  const std::vector<HazardFinding> found = judge.judge(migration);
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  for (const HazardFinding& each : found) {
    EXPECT_LE(each.finding.place.line, lines) << text;
    EXPECT_FALSE(each.finding.message.empty()) << text;
  }
  static_cast<void>(fix_text(text, migration, found));
}

void judge_mutations(Dialect dialect, std::uint32_t seed) {
  Mutator mutator(seed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = mutator.next();
    SCOPED_TRACE(text);
    try {
      judge_text(dialect, text);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::validation) << error.message;  // not UTF-8, a broken directive
    }
  }
}

TEST(JudgeMutations, OfPostgresSqlDoNoHarm) {
  judge_mutations(Dialect::postgres, 15);
}

TEST(JudgeMutations, OfSqliteSqlDoNoHarm) {
  judge_mutations(Dialect::sqlite, 3);
}

}  // namespace
}  // namespace martlet
