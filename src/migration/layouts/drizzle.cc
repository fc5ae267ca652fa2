// drizzle's names: 0011_name.sql in the order of meta/_journal.json, or 20240101120000_name/migration.sql; down parts
// in
// ../rollbacks/0011_rollback.sql or rollbacks/<stem>_rollback.sql; `--> statement-breakpoint` between statements.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/registry.h"
#include "base/text.h"
#include "migration/layout.h"
#include "migration/layouts/drizzle_files.h"
#include "migration/layouts/drizzle_journal.h"
#include "migration/load.h"
#include "migration/rollbacks.h"
#include "migration/version.h"

namespace martlet {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBreakpoint = "--> statement-breakpoint";
constexpr std::string_view kFolderScript = "/migration.sql";
constexpr std::size_t kIndexDigits = 4;
constexpr std::size_t kTimestampDigits = 14;

std::size_t leading_digits(std::string_view name) {
  return std::min(name.find_first_not_of(kDigits), name.size());
}

bool begins_with_number(std::string_view name, std::size_t digits) {
  return leading_digits(name) == digits && name.size() > digits + 1 && name[digits] == '_';
}

// The newer generation: a folder per migration.
bool is_folder_script(std::string_view file) {
  return file.ends_with(kFolderScript) && parent_of(parent_of(file)).empty() &&
         begins_with_number(parent_of(file), kTimestampDigits);
}

bool is_numbered(std::string_view file) {
  return parent_of(file).empty() && file.ends_with(".sql") && begins_with_number(file, kIndexDigits);
}

bool in_rollback_folder(std::string_view file) {
  return parent_of(file) == "rollbacks" || parent_of(file) == "rollback" || parent_of(file) == "../rollbacks";
}

NamedFile named(const std::string& file, std::string_view tag) {
  const auto digits = leading_digits(tag);
  const bool numbered = digits > 0 && digits < tag.size() && tag[digits] == '_';
  const std::string version(numbered ? tag.substr(0, digits) : tag);
  return {file, version, version, readable_name(numbered ? tag.substr(digits) : tag), version};
}

// A breakpoint ends a statement, with a `;` before it or without; it is as long as before, so that columns stay.
void end_statements_at_breakpoints(SourceText& source) {
  for (auto at = source.text.find(kBreakpoint); at != std::string::npos; at = source.text.find(kBreakpoint, at)) {
    source.text.replace(at, kBreakpoint.size(), kBreakpoint.size(), ' ');
    source.text[at] = ';';
  }
}

void load(Folder& folder, const NamedFile& file) {
  Migration& migration = load_migration(folder, file);
  end_statements_at_breakpoints(migration.up);
  if (migration.down) end_statements_at_breakpoints(*migration.down);
}

void report_name(Folder& folder, const std::string& file) {
  add_unknown_file(folder, file, "the drizzle layout does not know this kind of name",
                   "name it like 0011_name.sql or 20240101120000_name/migration.sql, a down part "
                   "rollbacks/0011_rollback.sql, or move it out of the folder");
}

// Without a journal the number is all there is to order by.
void load_numbered(Folder& folder, const std::string& file) {
  const NamedFile name = named(file, stem_of(file));
  if (!is_version(name.version)) return report_name(folder, file);
  load(folder, name);
}

std::vector<std::string> claims(const Listing& listing) {
  std::vector<std::string> files;
  for (const std::string& file : listing.files) {
    // Prisma names its folders in the same way, and keeps this file beside them.
    if (file == "migration_lock.toml") return {};
    if (is_numbered(file) || is_folder_script(file) || file == drizzle::kJournalFile) files.push_back(file);
  }
  return files;
}

// The order of the journal is drizzle's; where it is not the order of the numbers, it is written down as dependencies.
void keep_journal_order(Folder& folder) {
  const auto by_version = [](const Migration& a, const Migration& b) {
    return compare_versions(a.version, b.version) < 0;
  };
  if (std::is_sorted(folder.migrations.begin(), folder.migrations.end(), by_version)) return;
  for (std::size_t i = 0; i < folder.migrations.size(); ++i) {
    Migration& migration = folder.migrations[i];
    if (i > 0 && migration.depends.empty()) migration.depends = {folder.migrations[i - 1].id};
  }
}

// Loads what the journal names and takes it out of `files`, which then holds what it does not name.
void read_by_journal(Folder& folder, std::set<std::string>& files) {
  std::set<std::string> seen;
  for (const std::string& tag : drizzle::read_journal(in_folder(folder, drizzle::kJournalFile))) {
    const std::string file = tag + ".sql";
    if (!seen.insert(tag).second) {
      add_problem(folder, Finding::Severity::error, "journal-twice", drizzle::kJournalFile,
                  fmt::format("the journal names {} twice", tag), "remove one of the entries");
    } else if (files.erase(file) == 0) {
      add_problem(folder, Finding::Severity::error, "journal-without-file", drizzle::kJournalFile,
                  fmt::format("the journal names {}, but there is no {}", tag, file),
                  "bring the file back, or remove its entry from the journal");
    } else {
      load(folder, named(file, tag));
    }
  }
  keep_journal_order(folder);
  for (const std::string& file : files) {
    add_problem(folder, Finding::Severity::error, "file-without-journal", file,
                fmt::format("{} has no entry in {}", file, drizzle::kJournalFile),
                "add an entry for it (drizzle-kit writes one with each file), or move the file away");
  }
}

std::vector<std::string> rollbacks_beside(const Folder& folder) {
  std::vector<std::string> files;
  const std::string path = in_folder(folder, "../rollbacks");
  if (!std::filesystem::is_directory(path)) return files;
  for (const std::string& name : list_folder(path)) {
    if (is_sql(name)) files.push_back("../rollbacks/" + name);
  }
  return files;
}

void read(const Listing& listing, Folder& folder) {
  std::set<std::string> files;
  std::vector<std::string> folders;
  std::vector<std::string> rollbacks = rollbacks_beside(folder);
  bool journal = false;
  for (const std::string& file : listing.files) {
    journal |= file == drizzle::kJournalFile;
    if (!is_sql(file)) continue;
    if (in_rollback_folder(file)) {
      rollbacks.push_back(file);
    } else if (is_folder_script(file)) {
      folders.push_back(file);
    } else if (parent_of(file).empty() && file.ends_with(".sql")) {
      files.insert(file);
    } else {
      report_name(folder, file);
    }
  }
  if (journal) {
    read_by_journal(folder, files);
  } else {
    for (const std::string& file : files) load_numbered(folder, file);
  }
  for (const std::string& file : folders) load(folder, named(file, parent_of(file)));
  attach_rollback_files(folder, rollbacks, "_rollback");
}

const Registered<Layout> kDrizzle{{
    .id = "drizzle",
    .summary = "0011_name.sql with meta/_journal.json, 20240101120000_name/migration.sql, rollbacks/0011_rollback.sql",
    .gapless = false,
    .claims = claims,
    .read = read,
    .create = drizzle::create,
    .rename = drizzle::rename,
}};

}  // namespace
}  // namespace martlet
