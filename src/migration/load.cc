#include "migration/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <future>

#include "base/text.h"
#include "migration/sections.h"
#include "migration/source.h"

namespace martlet {
namespace {

// Opening, reading and closing a small file is the kernel's work, a few microseconds each, and it does that for two
// threads at once; but they hinder each other, and as long as the database takes as long as one of them, one is better.
constexpr std::size_t kWorthAThread = 2000;

Migration read_migration(const Folder& folder, const NamedFile& named) {
  Migration migration;
  migration.id = named.id;
  migration.version = named.version;
  migration.name = named.name;
  migration.label = named.label;
  migration.kind = named.kind;
  migration.layout = folder.layout;
  migration.file = in_folder(folder, named.file);
  SourceText whole = read_source(migration.file);
  migration.checksum = checksum_of(whole);
  read_sections(std::move(whole), migration);
  return migration;
}

}  // namespace

std::string in_folder(const Folder& folder, std::string_view file) {
  return fmt::format("{}/{}", folder.path, file);
}

Migration& load_migration(Folder& folder, const NamedFile& named) {
  return folder.migrations.emplace_back(read_migration(folder, named));
}

void load_migrations(Folder& folder, std::span<const NamedFile> files) {
  const std::size_t before = folder.migrations.size();
  folder.migrations.resize(before + files.size());
  const std::span<Migration> migrations = std::span(folder.migrations).subspan(before);
  const auto read = [&folder](std::span<const NamedFile> some, std::span<Migration> to) {
    for (std::size_t i = 0; i < some.size(); ++i) to[i] = read_migration(folder, some[i]);
  };
  if (files.size() < kWorthAThread) return read(files, migrations);
  const std::size_t half = files.size() / 2;
  auto first = std::async(std::launch::async, read, files.first(half), migrations.first(half));
  std::exception_ptr failure;
  try {
    read(files.subspan(half), migrations.subspan(half));
  } catch (...) {
    failure = std::current_exception();
  }
  first.get();  // of two files with a mistake the first one is told
  if (failure) std::rethrow_exception(failure);
}

void load_down(Folder& folder, Migration& migration, const std::string& file) {
  const std::string path = in_folder(folder, file);
  if (migration.down) {
    add_problem(folder, Finding::Severity::error, "two-downs", file,
                fmt::format("a second down part of {}; the first is in {}", migration.label,
                            Place{migration.down->file, migration.down->first_line}.text()),
                "keep one of them");
    return;
  }
  read_down_file(read_source(path), migration);
}

void add_problem(Folder& folder, Finding::Severity severity, std::string id, std::string_view file, std::string message,
                 std::string next) {
  folder.problems.push_back({severity, std::move(id), {in_folder(folder, file)}, std::move(message), std::move(next)});
}

void add_unknown_file(Folder& folder, std::string_view file, std::string message, std::string next) {
  add_problem(folder, Finding::Severity::error, "unknown-file", file, std::move(message), std::move(next));
}

bool is_sql(std::string_view file) {
  return file.size() > 4 && equals_ignoring_case(file.substr(file.size() - 4), ".sql");
}

std::string_view base_name(std::string_view file) {
  const auto slash = file.rfind('/');
  return slash == std::string_view::npos ? file : file.substr(slash + 1);
}

std::string_view parent_of(std::string_view file) {
  const auto slash = file.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : file.substr(0, slash);
}

std::string_view stem_of(std::string_view file) {
  const std::string_view base = base_name(file);
  return is_sql(base) ? base.substr(0, base.size() - 4) : base;
}

std::string readable_name(std::string_view slug) {
  std::string name(slug);
  std::replace(name.begin(), name.end(), '_', ' ');
  return std::string(trim(name));
}

std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : lower(trim(name))) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept) {
      slug += c;
    } else if (c != '\'' && !slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  while (slug.ends_with('_')) slug.pop_back();
  if (slug.empty()) {
    throw Error(ErrorKind::usage, fmt::format("`{}` has no letters or digits to name a migration with", name))
        .next("give the migration a name, as in `martlet new \"add user roles\"`");
  }
  return slug;
}

std::vector<std::string> rename_files(const std::vector<std::pair<std::string, std::string>>& moves) {
  for (const auto& [from, to] : moves) {
    if (std::filesystem::exists(to)) {
      throw Error(ErrorKind::usage, fmt::format("cannot rename {}: {} is there already", from, to))
          .next("move one of the two files away");
    }
  }
  std::vector<std::string> renamed;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    std::error_code failed;
    std::filesystem::rename(moves[i].first, moves[i].second, failed);
    if (failed) {
      for (std::size_t done = i; done-- > 0;) std::filesystem::rename(moves[done].second, moves[done].first);
      throw Error(ErrorKind::usage,
                  fmt::format("cannot rename {} to {}: {}", moves[i].first, moves[i].second, failed.message()))
          .next("nothing was renamed; check the rights on the folder");
    }
    renamed.push_back(moves[i].second);
  }
  return renamed;
}

}  // namespace martlet
