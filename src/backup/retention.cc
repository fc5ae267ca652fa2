#include "backup/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>

#include "backup/name.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

using namespace std::chrono;

struct ScopeWord {
  std::string_view word;
  RetentionScope scope;
};

constexpr std::array kScopes{
    ScopeWord{"pre-migration", RetentionScope::pre_migration},
    ScopeWord{"last", RetentionScope::last},
    ScopeWord{"hourly", RetentionScope::hourly},
    ScopeWord{"daily", RetentionScope::daily},
    ScopeWord{"weekly", RetentionScope::weekly},
    ScopeWord{"monthly", RetentionScope::monthly},
    ScopeWord{"yearly", RetentionScope::yearly},
};

Error wrong(const std::string& rule, std::string_view why) {
  return Error(ErrorKind::usage, fmt::format("the retention rule \"{}\" cannot be read: {}", rule, why))
      .next("rules look like `keep daily 7`, `keep pre-migration for 30d` and `min 2`, separated by \";\"");
}

RetentionScope scope_of(const std::string& rule, const std::string& word) {
  std::vector<std::string> words;
  for (const ScopeWord& each : kScopes) {
    if (each.word == word) return each.scope;
    words.emplace_back(each.word);
  }
  const auto meant = nearest(word, words);
  throw wrong(rule, meant ? fmt::format("did you mean {} by \"{}\"?", *meant, word)
                          : fmt::format("\"{}\" is none of {}", word, join(words, ", ")));
}

long count_of(const std::string& rule, const std::string& word) {
  long count = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (failure != std::errc() || end != word.data() + word.size() || count < 1) {
    throw wrong(rule, fmt::format("\"{}\" is no number of backups", word));
  }
  return count;
}

seconds age_of(const std::string& rule, const std::string& word) {
  const bool bare = !word.empty() && word.back() >= '0' && word.back() <= '9';
  try {
    const Milliseconds age = parse_duration(word, "age");
    if (!bare && age >= seconds(1)) return duration_cast<seconds>(age);
  } catch (const Error&) {
    // is told below
  }
  throw wrong(rule, fmt::format("\"{}\" is no time such as 30d or 12h", word));
}

RetentionRule parse_rule(const std::string& text) {
  const std::vector<std::string> words = split_list(text, ' ');
  RetentionRule rule{.text = join(words, " ")};
  if (words[0] == "min" && (words.size() == 2 || words.size() == 3)) {
    rule.count = count_of(text, words[1]);
    rule.scope = words.size() == 3 ? scope_of(text, words[2]) : RetentionScope::last;
    return rule;
  }
  if (words[0] != "keep") throw wrong(text, "it begins with neither `keep` nor `min`");
  if (words.size() < 3) throw wrong(text, "it does not say what to keep, and how many or for how long");
  rule.scope = scope_of(text, words[1]);
  if (words[2] == "for" && words.size() == 4) {
    rule.age = age_of(text, words[3]);
  } else if (words.size() == 3) {
    rule.count = count_of(text, words[2]);
  } else {
    throw wrong(text, "there is more in it than a scope and a number");
  }
  return rule;
}

bool has_period(RetentionScope scope) {
  return scope != RetentionScope::last && scope != RetentionScope::pre_migration;
}

// Goes through the good items of one group from the newest back.
void apply(const RetentionRule& rule, const std::vector<const RetentionItem*>& newest_first, sys_seconds now,
           std::map<const RetentionItem*, std::string>& kept) {
  long places = rule.count.value_or(0);
  std::optional<long long> period;
  for (const RetentionItem* item : newest_first) {
    if (!item->good || (rule.scope == RetentionScope::pre_migration && !item->pre_migration)) continue;
    if (rule.age && now - item->time > *rule.age) return;
    const long long here = retention_period(rule.scope, item->time);
    if (has_period(rule.scope) && period == here) continue;  // a newer one stands for this period
    period = here;
    if (rule.count && places-- == 0) return;
    kept.try_emplace(item, rule.text);
  }
}

const RetentionItem* newest_verified(const std::vector<const RetentionItem*>& newest_first) {
  for (const RetentionItem* item : newest_first) {
    if (item->verified && item->good) return item;
  }
  return nullptr;
}

}  // namespace

std::vector<RetentionRule> parse_retention(std::string_view policy) {
  std::vector<RetentionRule> rules;
  for (const std::string& text : split_list(policy, ';')) rules.push_back(parse_rule(text));
  if (!rules.empty()) return rules;
  throw Error(ErrorKind::usage, "the retention policy has no rule: every backup would expire")
      .next("set backup.retention to something like \"keep daily 7; min 2\"");
}

long long retention_period(RetentionScope scope, sys_seconds time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const long long year = static_cast<int>(date.year());
  switch (scope) {
    case RetentionScope::hourly:
      return floor<hours>(time).time_since_epoch().count();
    case RetentionScope::daily:
      return day.time_since_epoch().count();
    case RetentionScope::weekly:  // 1970-01-01 was a Thursday, the day that decides an ISO week's year
      return floor<weeks>(day + days(3)).time_since_epoch().count();
    case RetentionScope::monthly:
      return year * 12 + static_cast<unsigned>(date.month());
    case RetentionScope::yearly:
      return year;
    case RetentionScope::last:
    case RetentionScope::pre_migration:
      break;
  }
  return time.time_since_epoch().count();
}

std::vector<RetentionVerdict> judge_retention(const std::vector<RetentionRule>& rules,
                                              const std::vector<RetentionItem>& items, sys_seconds now) {
  std::map<std::string, std::vector<const RetentionItem*>> groups;
  for (const RetentionItem& item : items) {
    if (item.readable) groups[item.group].push_back(&item);
  }
  std::map<const RetentionItem*, std::string> kept;
  for (auto& [name, group] : groups) {
    std::ranges::stable_sort(group, std::greater(),
                             [](const RetentionItem* item) { return std::pair(item->time, item->file); });
    for (const RetentionRule& rule : rules) apply(rule, group, now, kept);
    if (const RetentionItem* newest = newest_verified(group)) kept.try_emplace(newest, "the newest that is verified");
  }
  std::vector<RetentionVerdict> verdicts;
  for (const RetentionItem& item : items) {
    std::string reason;
    if (const auto found = kept.find(&item); found != kept.end()) reason = found->second;
    if (item.in_use) reason = "a run that is not finished refers to it";
    if (!item.pinned.empty()) reason = "pinned: " + item.pinned;
    if (!item.readable) reason = "it cannot be read: look at it, then remove it by hand";
    verdicts.push_back({item.file, !reason.empty(), reason.empty() ? "no rule keeps it" : reason});
  }
  return verdicts;
}

std::vector<RetentionItem> retention_items(const std::vector<BackupInfo>& backups,
                                           const std::set<std::string>& open_runs) {
  std::vector<RetentionItem> items;
  for (const BackupInfo& info : backups) {
    const BackupHeader& header = info.header;
    RetentionItem item{.file = info.file, .time = BackupName::parse(info.file).value().time};
    item.group = fmt::format("{}\n{}\n{}", header.environment, header.database, type_name(header.type));
    item.pre_migration = header.purpose == kPreMigration;
    item.readable = info.unreadable.empty();
    item.verified = info.notes.proven().has_value();
    item.good = item.verified || info.notes.verifications.empty();
    item.in_use = open_runs.contains(header.run_id);
    item.pinned = info.notes.pinned;
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace martlet
