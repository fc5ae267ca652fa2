// Flyway's names, and martlet's own default: V001__x.sql, R__x.sql, B1__x.sql, U1__x.sql, x.sql.conf, callbacks; a down
// part in the file itself, in a U file, or in a folder `rollback` beside the file.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/registry.h"
#include "base/text.h"
#include "migration/layout.h"
#include "migration/layouts/flyway_conf.h"
#include "migration/layouts/flyway_names.h"
#include "migration/load.h"
#include "migration/rollbacks.h"
#include "migration/scaffold.h"
#include "migration/source.h"
#include "migration/version.h"

namespace martlet {
namespace {

using flyway::Name;

constexpr std::string_view kConfEnding = ".conf";

struct UndoFile {
  std::string file;
  std::string version;
};

// What the names of a folder say, before any file is read.
struct Sorted {
  std::vector<NamedFile> migrations;
  std::vector<std::pair<std::string, std::string>> callbacks;  // event, file
  std::vector<UndoFile> undos;
  std::vector<std::string> rollbacks;
  std::vector<std::string> confs;
};

bool is_conf(std::string_view file) {
  return file.ends_with(kConfEnding) && is_sql(file.substr(0, file.size() - kConfEnding.size()));
}

bool in_rollback_folder(std::string_view file) {
  const std::string_view folder = base_name(parent_of(file));
  return folder == "rollback" || folder == "rollbacks";
}

NamedFile named(const Name& name, const std::string& file) {
  const std::string prefixed = std::string(1, name.prefix) + name.version;
  switch (name.prefix) {
    case 'R':
      return {file,
              "R__" + name.description,
              "",
              readable_name(name.description),
              "R__" + name.description,
              MigrationKind::repeatable};
    case 'B':
      return {file, prefixed, name.version, readable_name(name.description), prefixed, MigrationKind::baseline};
    default:
      return {file, name.version, name.version, readable_name(name.description), prefixed, MigrationKind::versioned};
  }
}

void report_name(Folder& folder, const std::string& file) {
  const std::string_view stem = stem_of(file);
  if (flyway::looks_like_callback(stem)) {
    const auto near = nearest(stem.substr(0, stem.find("__")), flyway::callback_events());
    return add_problem(
        folder, Finding::Severity::error, "unknown-callback", file,
        "the name looks like a callback, but there is none of that name",
        near ? fmt::format("did you mean {}.sql?", *near) : "callbacks are: " + join(flyway::callback_events(), ", "));
  }
  const auto meant = flyway::probably_meant(stem);
  add_unknown_file(folder, file, "the flyway layout does not know this kind of name",
                   meant ? fmt::format("did you mean {}?", *meant)
                         : "name it like V001__description.sql or R__name.sql, or move it out of the folder");
}

// A name as of a migration with another ending would otherwise be left out in silence.
void report_other_ending(Folder& folder, const std::string& file) {
  const std::string_view base = base_name(file);
  const auto dot = base.rfind('.');
  if (base.ends_with('~') || !flyway::parse(base.substr(0, dot))) return;
  add_problem(folder, Finding::Severity::warning, "not-sql", file, "left out: the name does not end in .sql",
              "rename it, or move it out of the folder");
}

void sort_file(Folder& folder, const std::string& file, Sorted& sorted) {
  if (is_conf(file)) return sorted.confs.push_back(file);
  if (!file.ends_with(".sql")) return is_sql(file) ? report_name(folder, file) : report_other_ending(folder, file);
  const std::string_view stem = stem_of(file);
  const auto name = flyway::parse(stem);
  if (name && name->prefix == 'U') return sorted.undos.push_back({file, name->version});
  if (in_rollback_folder(file)) return sorted.rollbacks.push_back(file);
  if (name) return sorted.migrations.push_back(named(*name, file));
  if (auto event = flyway::callback_event(stem)) {
    sorted.callbacks.emplace_back(std::move(*event), file);
  } else {
    report_name(folder, file);
  }
}

void attach_undos(Folder& folder, const std::vector<UndoFile>& undos) {
  for (const UndoFile& undo : undos) {
    Migration* found = nullptr;
    for (Migration& migration : folder.migrations) {
      if (migration.kind == MigrationKind::versioned && compare_versions(migration.version, undo.version) == 0) {
        found = &migration;
        break;
      }
    }
    if (found) {
      load_down(folder, *found, undo.file);
    } else {
      add_problem(folder, Finding::Severity::error, "down-without-migration", undo.file,
                  fmt::format("an undo of V{}, which is not in the folder", undo.version),
                  "remove it, or bring the migration back");
    }
  }
}

void apply_confs(Folder& folder, const std::vector<std::string>& confs) {
  for (const std::string& conf : confs) {
    const std::string script = in_folder(folder, conf.substr(0, conf.size() - kConfEnding.size()));
    bool used = false;
    for (Migration& migration : folder.migrations) {
      const bool up = migration.file == script;
      if (!up && !(migration.down && migration.down->file == script)) continue;
      flyway::read_conf(folder, conf, up ? migration.transactional : migration.down_transactional);
      used = true;
      break;
    }
    if (!used) {
      add_problem(folder, Finding::Severity::error, "conf-without-script", conf,
                  "settings of a script that is not in the folder", "remove it, or name it like its script");
    }
  }
}

std::vector<std::string> claims(const Listing& listing) {
  std::vector<std::string> files;
  for (const std::string& file : listing.files) {
    if (!file.ends_with(".sql")) continue;
    const std::string_view stem = stem_of(file);
    if (flyway::parse(stem) || flyway::callback_event(stem)) files.push_back(file);
  }
  return files;
}

void read(const Listing& listing, Folder& folder) {
  Sorted sorted;
  for (const std::string& file : listing.files) sort_file(folder, file, sorted);
  load_migrations(folder, sorted.migrations);
  attach_undos(folder, sorted.undos);
  attach_rollback_files(folder, sorted.rollbacks, "_down");
  apply_confs(folder, sorted.confs);
  std::sort(sorted.callbacks.begin(), sorted.callbacks.end());
  for (const auto& [event, file] : sorted.callbacks) {
    folder.callbacks.push_back({event, read_source(in_folder(folder, file))});
  }
}

const Migration* newest(const Folder& folder) {
  const Migration* newest = nullptr;
  for (const Migration& migration : folder.migrations) {
    if (migration.kind == MigrationKind::repeatable) continue;
    if (!newest || compare_versions(newest->version, migration.version) < 0) newest = &migration;
  }
  return newest;
}

std::string next_version(const Folder& folder, const NewMigration& wanted) {
  const Migration* last = newest(folder);
  if (wanted.timestamp) return timestamp_now();
  if (!last) return "001";
  if (const long number = sequence_number(last->version); number >= 0) return number_like(last->version, number + 1);
  if (!wanted.sequential && last->version.find_first_of("._") == std::string::npos) return timestamp_now();
  // Of several numbers the first one counts on: V1.2 is followed by V2.
  const std::string first = last->version.substr(0, last->version.find_first_of("._"));
  const long number = sequence_number(first);
  if (number < 0 || (!wanted.sequential && first.size() >= 4)) return timestamp_now();
  return number_like(first, number + 1);
}

std::vector<std::string> create(const Folder& folder, const NewMigration& wanted) {
  if (wanted.repeatable) {
    const std::string path = in_folder(folder, fmt::format("R__{}.sql", slug_of(wanted.name)));
    write_new_file(path, scaffold_up(wanted, ""));
    return {path};
  }
  const std::string path =
      in_folder(folder, fmt::format("V{}__{}.sql", next_version(folder, wanted), slug_of(wanted.name)));
  write_new_file(path, scaffold_up(wanted, "The down section below takes it back.") + scaffold_down_section());
  return {path};
}

// Every file of the migration's: its own, an undo or rollback, and their .sql.conf.
std::vector<std::string> rename(const Folder&, const Migration& migration, const std::string& version) {
  const auto old_prefix = 1 + migration.version.size();
  std::vector<std::pair<std::string, std::string>> moves;
  const auto move_script = [&](const std::string& file) {
    const std::string name(base_name(file));
    const std::string target = fmt::format("{}/{}{}{}", parent_of(file), name[0], version, name.substr(old_prefix));
    moves.emplace_back(file, target);
    if (std::filesystem::exists(file + ".conf")) moves.emplace_back(file + ".conf", target + ".conf");
  };
  move_script(migration.file);
  if (migration.down && migration.down->file != migration.file) move_script(migration.down->file);
  return rename_files(moves);
}

const Registered<Layout> kFlyway{{
    .id = "flyway",
    .summary = "V001__description.sql, R__name.sql, B1__x.sql, U1__x.sql, x.sql.conf, callbacks",
    .claims = claims,
    .read = read,
    .create = create,
    .rename = rename,
    .version_prefix = "V",
}};

}  // namespace
}  // namespace martlet
