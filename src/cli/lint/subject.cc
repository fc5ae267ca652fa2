#include "cli/lint/subject.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <iterator>
#include <set>

#include "cli/lint/changed_files.h"
#include "cli/target.h"
#include "history/standing.h"
#include "migration/sections.h"
#include "migration/source.h"

namespace martlet {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStandardInput = "<stdin>";

Migration single(SourceText source) {
  Migration migration{.id = source.file, .name = source.file, .file = source.file, .label = source.file};
  read_sections(std::move(source), migration);
  return migration;
}

std::set<fs::path> files_of(const Migration& migration) {
  std::set<fs::path> files{fs::weakly_canonical(migration.file)};
  if (migration.down) files.insert(fs::weakly_canonical(migration.down->file));
  return files;
}

class SubjectBuilder {
 public:
  SubjectBuilder(const Context& context, const std::optional<Ledger>& ledger) : context_(context), ledger_(ledger) {}

  LintSubject build() {
    const std::vector<std::string>& named = context_.arguments.positionals();
    if (named.empty()) {
      add_folder(folder_options(context_.config));
    } else {
      add_named(named);
    }
    if (const std::string since = context_.arguments.text("since"); !since.empty()) keep_changed(since);
    return std::move(subject_);
  }

 private:
  void add_folder(const FolderOptions& options) {
    Folder folder = read_folder(options);
    std::set<std::string> pending;
    if (ledger_) {
      for (const StandingEntry& entry : compare(folder, *ledger_)) {
        if (entry.to_run()) pending.insert(entry.id());
      }
    }
    for (Migration& migration : folder.migrations) {
      if (ledger_ && !pending.contains(migration.id)) {
        ++subject_.applied;
        for (const fs::path& file : files_of(migration)) applied_.insert(file);
      } else {
        subject_.entries.push_back({std::move(migration)});
      }
    }
  }

  // Files of the configured folder where they stand in it; others behind them, in the order of the command line.
  void add_named(const std::vector<std::string>& named) {
    const FolderOptions options = folder_options(context_.config);
    std::error_code missing;
    if (fs::is_directory(options.path, missing)) add_folder(options);
    const std::size_t of_folder = subject_.entries.size();
    for (LintSubject::Entry& entry : subject_.entries) entry.wanted = false;
    subject_.applied = 0;
    for (const std::string& name : named) add_one(name, of_folder);
    // What comes behind the last wanted one need not be executed; nor must the folder be, for files that are not in it.
    while (!subject_.entries.empty() && !subject_.entries.back().wanted) subject_.entries.pop_back();
    if (of_folder > 0 && !any_of_folder_)
      std::erase_if(subject_.entries, [](const auto& each) { return !each.wanted; });
  }

  void add_one(const std::string& name, std::size_t of_folder) {
    if (name == "-") {
      std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
      subject_.texts[std::string(kStandardInput)] = text;
      subject_.entries.push_back({single(normalise_source(std::move(text), std::string(kStandardInput)))});
      return;
    }
    if (fs::is_directory(name)) {
      FolderOptions options = folder_options(context_.config);
      if (fs::weakly_canonical(options.path) == fs::weakly_canonical(name)) {
        for (std::size_t i = 0; i < of_folder; ++i) subject_.entries[i].wanted = any_of_folder_ = true;
      } else {
        options.path = name;
        add_folder(options);
      }
      return;
    }
    const fs::path path = fs::weakly_canonical(name);
    if (applied_.contains(path)) {
      ++subject_.applied;
      subject_.applied_files.push_back(name);
      return;
    }
    for (std::size_t i = 0; i < of_folder; ++i) {
      if (!files_of(subject_.entries[i].migration).contains(path)) continue;
      subject_.entries[i].wanted = any_of_folder_ = true;
      return;
    }
    subject_.entries.push_back({single(read_source(name))});
  }

  void keep_changed(const std::string& since) {
    const std::string folder = context_.config.text("migrations.dir");
    const std::set<fs::path> changed = changed_files(fs::is_directory(folder) ? folder : ".", since);
    for (LintSubject::Entry& entry : subject_.entries) {
      bool has_changed = false;
      for (const fs::path& file : files_of(entry.migration)) has_changed = has_changed || changed.contains(file);
      entry.wanted = entry.wanted && has_changed;
    }
    while (!subject_.entries.empty() && !subject_.entries.back().wanted) subject_.entries.pop_back();
  }

  const Context& context_;
  const std::optional<Ledger>& ledger_;
  LintSubject subject_;
  std::set<fs::path> applied_;
  bool any_of_folder_ = false;
};

}  // namespace

LintSubject lint_subject(const Context& context, const std::optional<Ledger>& ledger) {
  return SubjectBuilder(context, ledger).build();
}

}  // namespace martlet
