#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "base/files.h"
#include "base/registry.h"
#include "base/text.h"
#include "migration/header.h"
#include "migration/layout.h"
#include "migration/scaffold.h"

namespace martlet {
namespace {

std::string sentence(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

std::string header_text(const NewMigration& wanted) {
  std::string text;
  for (const std::string_view field : header_field_names()) {
    if (field == "Ticket") continue;
    text += fmt::format("-- {}:", field);
    if (field == "Purpose") text += " " + sentence(wanted.name);
    if (field == "Dependencies" && !wanted.depends.empty()) text += " " + join(wanted.depends, ", ");
    text += '\n';
  }
  return text;
}

}  // namespace

std::string scaffold_up(const NewMigration& wanted, const std::string& down_hint) {
  std::string text = header_text(wanted);
  if (!wanted.depends.empty()) text += fmt::format("-- martlet:depends {}\n", join(wanted.depends, ", "));
  if (!wanted.transactional) text += "-- martlet:no-transaction\n";
  text += "\n-- Write the statements of the change here.\n";
  if (!down_hint.empty()) text += "-- " + down_hint + "\n";
  return text + '\n';
}

std::string scaffold_down(const NewMigration& wanted) {
  return fmt::format("-- Rollback: {}\n-- Write the statements that take the change back here.\n\n", wanted.name);
}

std::string scaffold_down_section() {
  return "-- martlet:down\n-- Write the statements that take the change back here. If there is no way back, remove "
         "this\n"
         "-- section and say why in the part above, with the directive `irreversible`.\n";
}

void write_new_file(const std::string& path, const std::string& text) {
  if (std::filesystem::exists(path)) {
    throw Error(ErrorKind::usage, fmt::format("{} is there already", path)).next("choose another name");
  }
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    throw Error(ErrorKind::usage, fmt::format("cannot create the folder {}: {}", folder.string(), failed.message()));
  }
  write_file(path, text);
}

std::string timestamp_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                     utc.tm_min, utc.tm_sec);
}

std::vector<std::string> create_migration(const Folder& folder, const NewMigration& wanted) {
  if (wanted.sequential && wanted.timestamp) {
    throw Error(ErrorKind::usage, "--seq and --timestamp exclude each other").next("give one of them");
  }
  const Layout* layout = Registry<Layout>::find(folder.layout);
  if (!layout) throw Error(ErrorKind::usage, fmt::format("there is no layout `{}`", folder.layout));
  return layout->create(folder, wanted);
}

}  // namespace martlet
