#include "backup/retention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "backup/name.h"
#include "base/error.h"

namespace martlet {
namespace {

using namespace std::chrono;

sys_seconds at(std::string_view text) {
  return parse_compact_time(text).value();
}

std::string complaint(std::string_view policy) {
  try {
    parse_retention(policy);
    return {};
  } catch (const Error& error) {
    return error.message;
  }
}

TEST(Retention, ReadsItsGrammar) {
  const auto rules = parse_retention("keep pre-migration for 30d;  keep daily 7 ; min 2; min 3 weekly;");
  ASSERT_EQ(rules.size(), 4u);
  EXPECT_EQ(rules[0].age, seconds(days(30)));
  EXPECT_EQ(rules[1].scope, RetentionScope::daily);
  EXPECT_EQ(rules[1].count, 7);
  EXPECT_EQ(rules[2].scope, RetentionScope::last);
  EXPECT_EQ(rules[3].scope, RetentionScope::weekly);
}

TEST(Retention, RefusesWhatItCannotRead) {
  for (const std::string_view policy : {"", ";", "keep", "keep daily", "keep daily 0", "keep daily -1", "keep daily x",
                                        "keep daily for", "keep daily for 30", "keep daily for soon", "keep daily 7 8",
                                        "drop daily 7", "min", "min x", "keep fortnightly 7", "min 2 daily 3"}) {
    EXPECT_NE(complaint(policy), "") << policy;
  }
  EXPECT_NE(complaint("keep dayly 7").find("did you mean daily"), std::string::npos);
}

TEST(Retention, WeeksAreThoseOfIso8601) {
  const auto week = [](std::string_view day) {
    return retention_period(RetentionScope::weekly, at(std::string(day) + "_120000"));
  };
  EXPECT_EQ(week("20241230"), week("20250105"));  // Monday of week 1 of 2025, and its Sunday
  EXPECT_NE(week("20241229"), week("20241230"));
  EXPECT_NE(week("20250105"), week("20250106"));
}

// By the words of the definition: for each item and each rule, look at all others.
bool kept_by(const RetentionRule& rule, const RetentionItem& item, const std::vector<RetentionItem>& items,
             sys_seconds now) {
  const auto takes_part = [&](const RetentionItem& other) {
    return other.good && other.readable && other.group == item.group &&
           (rule.scope != RetentionScope::pre_migration || other.pre_migration);
  };
  const auto newer = [](const RetentionItem& a, const RetentionItem& b) {
    return std::pair(a.time, a.file) > std::pair(b.time, b.file);
  };
  const bool periodic = rule.scope != RetentionScope::last && rule.scope != RetentionScope::pre_migration;
  const auto period = [&](const RetentionItem& of) { return retention_period(rule.scope, of.time); };
  if (!takes_part(item)) return false;
  std::set<std::pair<long long, std::string>> before;  // places taken by newer ones
  for (const RetentionItem& other : items) {
    if (!takes_part(other) || !newer(other, item)) continue;
    if (periodic && period(other) == period(item)) return false;
    before.insert({period(other), periodic ? "" : other.file});
  }
  if (rule.age) return now - item.time <= *rule.age;
  return static_cast<long>(before.size()) < *rule.count;
}

bool stays(const std::vector<RetentionRule>& rules, const RetentionItem& item, const std::vector<RetentionItem>& items,
           sys_seconds now) {
  if (!item.pinned.empty() || item.in_use || !item.readable) return true;
  if (std::ranges::any_of(rules, [&](const RetentionRule& rule) { return kept_by(rule, item, items, now); }))
    return true;
  const bool newest_verified =
      item.verified && item.good && std::ranges::none_of(items, [&](const RetentionItem& other) {
        return other.verified && other.good && other.readable && other.group == item.group &&
               std::pair(other.time, other.file) > std::pair(item.time, item.file);
      });
  return newest_verified;
}

std::string random_policy(std::mt19937_64& random) {
  const std::vector<std::string> scopes{"pre-migration", "last", "hourly", "daily", "weekly", "monthly", "yearly"};
  const std::vector<std::string> ages{"1h", "36h", "7d", "45d", "400d"};
  std::string policy;
  for (std::size_t rules = 1 + random() % 4; rules > 0; --rules) {
    const std::string& scope = scopes[random() % scopes.size()];
    const std::string count = std::to_string(1 + random() % 5);
    const std::vector<std::string> forms{"keep " + scope + " " + count,
                                         "keep " + scope + " for " + ages[random() % ages.size()], "min " + count,
                                         "min " + count + " " + scope};
    policy += forms[random() % forms.size()] + ";";
  }
  return policy;
}

std::vector<RetentionItem> random_items(std::mt19937_64& random, sys_seconds now) {
  std::vector<RetentionItem> items;
  const long span = std::vector<long>{3600, 86400, 86400 * 40, 86400 * 900}[random() % 4];
  for (std::size_t left = random() % 30; left > 0; --left) {
    RetentionItem item{.file = "f" + std::to_string(items.size()), .group = random() % 3 == 0 ? "a" : "b"};
    item.time = now - seconds(random() % static_cast<unsigned long>(span));
    item.pre_migration = random() % 2 == 0;
    item.good = random() % 8 != 0;
    item.readable = random() % 20 != 0;
    item.verified = random() % 4 == 0;
    item.in_use = random() % 20 == 0;
    item.pinned = random() % 20 == 0 ? "because" : "";
    items.push_back(item);
  }
  return items;
}

TEST(Retention, DecidesAsItsDefinitionDoes) {
  std::mt19937_64 random(23);
  const sys_seconds now = at("20250301_101500");
  for (int round = 0; round < 2000; ++round) {
    const std::string policy = random_policy(random);
    const auto rules = parse_retention(policy);
    const auto items = random_items(random, now);
    const auto verdicts = judge_retention(rules, items, now);
    ASSERT_EQ(verdicts.size(), items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(verdicts[i].keep, stays(rules, items[i], items, now)) << policy << " item " << i << " round " << round;
      EXPECT_FALSE(verdicts[i].reason.empty());
    }
  }
}

// What is deleted now must not have been what a later day would have kept: deleting changes no verdict on the rest.
TEST(Retention, DeletingChangesNothingForThoseThatStay) {
  std::mt19937_64 random(29);
  const sys_seconds now = at("20250301_101500");
  for (int round = 0; round < 500; ++round) {
    const auto rules = parse_retention(random_policy(random));
    const auto items = random_items(random, now);
    std::vector<RetentionItem> left;
    const auto verdicts = judge_retention(rules, items, now);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (verdicts[i].keep) left.push_back(items[i]);
    }
    for (const RetentionVerdict& verdict : judge_retention(rules, left, now)) EXPECT_TRUE(verdict.keep) << verdict.file;
  }
}

TEST(BackupName, IsWrittenAndReadBack) {
  const BackupName name{"prod", BackupType::schema, at("20250903_151245"), "before release/1"};
  EXPECT_EQ(name.file(), "prod_backup_schema_20250903_151245_before-release-1.mbk");
  const auto read = BackupName::parse(name.file());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->environment, "prod");
  EXPECT_EQ(read->type, BackupType::schema);
  EXPECT_EQ(read->time, name.time);
  EXPECT_EQ(read->name, "before-release-1");
  EXPECT_EQ((BackupName{"", BackupType::full, at("20250903_151245"), ""}.file()), "db_backup_full_20250903_151245.mbk");
  for (const std::string_view file :
       {"x.sql", "prod_backup_full_20250903_151245.mbk.json", "prod_backup_full_20250903.mbk",
        "_backup_full_20250903_151245.mbk", "prod_backup_half_20250903_151245.mbk",
        "prod_backup_full_20251303_151245.mbk", "prod_backup_full_20250903_151245x.mbk"}) {
    EXPECT_FALSE(BackupName::parse(file)) << file;
  }
}

}  // namespace
}  // namespace martlet
