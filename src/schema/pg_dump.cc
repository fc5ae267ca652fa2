#include "schema/pg_dump.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/capture.h"
#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

// Debian and Ubuntu; PostgreSQL's own packages for Red Hat and SUSE use /usr/pgsql-15/bin.
constexpr std::string_view kDebianFolder = "/usr/lib/postgresql";
constexpr std::string_view kRedHatPrefix = "pgsql-";

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void add(std::vector<PgDump>& found, int major, const fs::path& bin) {
  std::error_code ignored;
  if (major > 0 && fs::exists(bin / "pg_dump", ignored)) found.emplace_back(major, (bin / "pg_dump").string());
}

// "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
int version_in_path() {
  try {
    const std::string text = capture({"pg_dump", "--version"}).output;
    const std::size_t at = text.find(") ");
    return at == std::string::npos ? 0 : leading_number(std::string_view(text).substr(at + 2));
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    return 0;
  }
}

}  // namespace

std::vector<PgDump> installed_pg_dumps() {
  std::vector<PgDump> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kDebianFolder, ignored)) {
    add(found, leading_number(entry.path().filename().string()), entry.path() / "bin");
  }
  for (const auto& entry : fs::directory_iterator("/usr", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kRedHatPrefix)) {
      add(found, leading_number(std::string_view(name).substr(kRedHatPrefix.size())), entry.path() / "bin");
    }
  }
  // Asked last, and only where the folders have nothing: on Debian this is a script that takes a while.
  if (found.empty()) {
    if (const int major = version_in_path(); major > 0) found.emplace_back(major, "pg_dump");
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string choose_pg_dump(const std::vector<PgDump>& installed, int server_major) {
  for (const auto& [major, path] : installed) {
    if (major >= server_major) return path;
  }
  std::vector<std::string> versions;
  for (const auto& [major, path] : installed) versions.push_back(std::to_string(major));
  const std::string there =
      versions.empty() ? "pg_dump is not installed" : "the newest pg_dump here is of version " + versions.back();
  throw Error(ErrorKind::usage, there + ", and the server is of version " + std::to_string(server_major))
      .with_detail("reading a schema takes a pg_dump that is at least as new as the server")
      .next("install postgresql-client-" + std::to_string(server_major) + " (or newer)");
}

std::string find_pg_dump(int server_major) {
  auto installed = installed_pg_dumps();
  const bool will_do = !installed.empty() && installed.back().first >= server_major;
  if (!will_do) {
    if (const int major = version_in_path(); major > 0) installed.emplace_back(major, "pg_dump");
  }
  return choose_pg_dump(installed, server_major);
}

}  // namespace martlet
