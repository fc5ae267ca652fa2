#include "run/backup_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "run/course.h"

namespace martlet {
namespace {

// By their first words: the few forms that cannot change what is there. CREATE OR REPLACE is none of them, nor is
// CREATE TABLE … AS, which runs a query that may call anything.
constexpr std::array<std::string_view, 13> kHarmless{
    "CREATE TABLE ",     "CREATE INDEX ",  "CREATE UNIQUE INDEX ",   "CREATE SEQUENCE ", "CREATE SCHEMA ",
    "CREATE TYPE ",      "CREATE DOMAIN ", "CREATE VIEW ",           "COMMENT ON ",      "GRANT ",
    "CREATE EXTENSION ", "ANALYZE ",       "CREATE UNLOGGED TABLE ",
};

// Upper case, white space as single spaces.
std::string beginning(std::string_view text) {
  std::string words;
  for (const char c : text.substr(0, 200)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (words.empty() || words.back() == ' ')) continue;
    words += space ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return words;
}

bool mentions_query(std::string_view text) {
  const std::string words = lower(text);
  return words.find("select") != std::string::npos || words.find("execute") != std::string::npos;
}

bool is_harmless(const Statement& statement) {
  const std::string words = beginning(statement.text);
  const bool known = std::ranges::any_of(kHarmless, [&](std::string_view form) { return words.starts_with(form); });
  const bool is_table = words.find("TABLE ") < std::string_view("CREATE UNLOGGED ").size() + 1;
  return known && !(is_table && mentions_query(statement.text));
}

void record(Course& course, std::string_view event, const std::string& detail) {
  Session& session = course.session();
  session.commit({session.audit().append({.event = std::string(event),
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = detail},
                                         course.settings().who)});
}

std::string verified(Course& course, const BackupPolicy& policy, const std::string& file) {
  if (!policy.verify) return "";
  const Verification outcome = verify_backup(policy.settings, file, *policy.verify);
  if (outcome.good) return fmt::format(", verified ({})", level_name(outcome.level));
  const std::string why = fmt::format("the backup before the run is not good: {}", outcome.problems.front());
  course.settings().emit({.kind = EventKind::backup_failed, .text = why});
  throw Error(ErrorKind::validation, why)
      .leaves("nothing was run")
      .next("find out why before changing anything: `martlet backups verify latest`");
}

}  // namespace

bool provably_harmless(std::span<const Job> jobs) {
  for (const Job& job : jobs) {
    for (const Script* script : {&job.before, &job.script, &job.after}) {
      if (!std::ranges::all_of(script->statements,
                               [](const ScriptStatement& at) { return is_harmless(at.statement); })) {
        return false;
      }
    }
  }
  return true;
}

void backup_first(Course& course, std::span<const Job> jobs) {
  const BackupPolicy* policy = course.settings().backup.get();
  if (!policy || policy->when == BackupPolicy::When::never) return;
  if (policy->when == BackupPolicy::When::automatic && provably_harmless(jobs)) return;
  if (policy->skipped) {
    course.settings().emit(
        {.kind = EventKind::overridden, .text = "no backup was taken before the run: --skip-backup"});
    return record(course, "backup-skipped", "--skip-backup");
  }
  BackupSettings settings = policy->settings;
  settings.who = course.settings().who;
  BackupInfo info;
  try {
    info = take_backup(settings, {.purpose = kPreMigration});
  } catch (Error& error) {
    error.message = "no backup could be taken before the run: " + error.message;
    course.settings().emit({.kind = EventKind::backup_failed, .text = error.message});
    throw error.leaves("nothing was run");
  }
  const std::string text = info.file + verified(course, *policy, info.file);
  course.maker().backed_up(info.file);
  record(course, "backup", text);
  course.settings().emit({.kind = EventKind::notice, .text = "backup " + text});
}

}  // namespace martlet
