// martlet.toml for a new project, or for one that has a folder of migrations already.
#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "base/files.h"
#include "base/registry.h"
#include "base/secret.h"
#include "cli/command.h"
#include "cli/output.h"
#include "db/url.h"
#include "migration/folder.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "martlet.toml";

// Where projects of this field keep their migrations.
constexpr std::array kUsualFolders{
    "migrations",     "db/migrations",     "supabase/migrations", "drizzle/migrations",
    "drizzle",        "src/db/migrations", "database/migrations", "src/database/migrations",
    "sql/migrations", "src/migrations",    "prisma/migrations"};

struct Found {
  std::string folder = "migrations";
  std::string layout = "auto";
  std::size_t migrations = 0;
  bool exists = false;
};

bool has_files(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder, ignored) && !fs::is_empty(folder, ignored);
}

Found look_at(const std::string& path) {
  const Folder folder = read_folder({.path = path});
  return {path, folder.migrations.empty() ? "auto" : folder.layout, folder.migrations.size(), true};
}

Found find_folder(const std::string& wanted) {
  if (!wanted.empty()) return has_files(wanted) ? look_at(wanted) : Found{.folder = wanted};
  for (const char* path : kUsualFolders) {
    if (has_files(path)) return look_at(path);
  }
  return {};
}

// The embedded default, but not under files that were written for a server: a missing variable must stop a run, not
// let it succeed on an empty file. A password never goes into a file: the variable that holds the URL is named instead.
std::string url_line(const std::string& url, const std::string& layout) {
  if (url.empty() && layout == "supabase") return "url = \"env:SUPABASE_DB_URL\"";
  if (url.empty() && layout == "drizzle") return "url = \"env:DATABASE_URL\"";
  if (url.empty()) return "url = \"sqlite:martlet.db\"";
  Url::parse(url);
  if (mask_passwords(url) != url) return "url = \"env:DATABASE_URL\"";
  std::string escaped;
  for (const char c : url) escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return fmt::format("url = \"{}\"", escaped);
}

std::string content(const Found& found, const std::string& url) {
  return fmt::format(R"(# How martlet works on this project. `martlet config` shows every value and where it came from.
default_environment = "development"

[migrations]
dir = "{}"
layout = "{}"

[environments.development]
{}

# [environments.production]
# url = "env:DATABASE_URL"        # env:VARIABLE or file:PATH: no password belongs in this file
# direct_url = "env:DIRECT_URL"   # the same database past a connection pooler
# protected = true                # drop and reset are refused, anything destructive needs --yes
# lock_wait = "100ms"             # how long one attempt may wait for a lock
)",
                     found.folder, found.layout, url_line(url, found.layout));
}

void tell(Output& output, const Found& found) {
  output.line(fmt::format("wrote {}", kFile), Style::good);
  if (found.migrations > 0) {
    output.line(fmt::format("found {} migration{} in {} ({} layout)", found.migrations,
                            found.migrations == 1 ? "" : "s", found.folder, found.layout));
    output.line("next: `martlet status`; where they are applied already, `martlet baseline VERSION` says so");
    return;
  }
  output.line(fmt::format("{} {}/", found.exists ? "found" : "made", found.folder), Style::good);
  output.line("next: `martlet new create users`, then `martlet up`");
}

int run(Context& context) {
  if (fs::exists(kFile))
    throw Error(ErrorKind::usage, "there is a martlet.toml here already")
        .leaves("nothing was written")
        .next("edit it, or run `martlet init` in another folder");
  const Found found = find_folder(context.arguments.text("dir"));
  const std::string text = content(found, context.arguments.text("url"));
  if (!found.exists) fs::create_directories(found.folder);
  write_file(kFile, text);
  auto& json = context.output.json();
  json["file"] = kFile;
  json["dir"] = found.folder;
  json["layout"] = found.layout;
  json["migrations"] = found.migrations;
  tell(context.output, found);
  return 0;
}

const Registered<Command> kInit{
    {.id = "init",
     .summary = "martlet.toml and a migrations folder, or one that recognises yours",
     .details =
         "Looks for a folder of migrations in the usual places (or in --dir), finds out how its files are named "
         "and writes a martlet.toml that says so. Without one it makes migrations/. The default environment is "
         "the SQLite file martlet.db, or what --url says; under the files of Supabase and Drizzle it is the variable "
         "SUPABASE_DB_URL or DATABASE_URL. Nothing is ever overwritten.",
     .examples = {"martlet init", "martlet init --dir src/db/migrations --url postgresql://localhost/shop"},
     .run = run,
     .needs_config = false,
     .group = "Start"}};

}  // namespace
}  // namespace martlet
