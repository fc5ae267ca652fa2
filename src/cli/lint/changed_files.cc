#include "cli/lint/changed_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/capture.h"
#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace fs = std::filesystem;

namespace {

Captured git(const fs::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-C", folder.string()});
  return capture(arguments);
}

std::string output_of(const fs::path& folder, std::vector<std::string> arguments) {
  const Captured done = git(folder, std::move(arguments));
  if (done.exit_code == 0) return done.output;
  throw Error(ErrorKind::usage, "git failed").with_detail(done.errors).next("--since needs a working git repository");
}

fs::path repository(const fs::path& folder) {
  const Captured done = git(folder, {"rev-parse", "--show-toplevel"});
  if (done.exit_code == 0) return fs::path(trim(done.output));
  throw Error(ErrorKind::usage, fmt::format("{} is not in a git repository", folder.string()))
      .with_detail(done.errors)
      .next("leave --since away, or run martlet inside the repository");
}

// Its commit's full name, so that no revision can be taken for an option later.
std::string commit(const fs::path& folder, const std::string& revision) {
  const Captured done =
      git(folder, {"rev-parse", "--verify", "--quiet", "--end-of-options", fmt::format("{}^{{commit}}", revision)});
  if (done.exit_code == 0) return std::string(trim(done.output));
  throw Error(ErrorKind::usage, fmt::format("git knows no revision \"{}\"", revision))
      .next("fetch it (a shallow clone lacks older ones), or name one that `git log` shows");
}

void add(std::set<fs::path>& files, const fs::path& top, std::string_view names) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find('\0'));
    files.insert(fs::weakly_canonical(top / name));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
  }
}

}  // namespace

std::set<fs::path> changed_files(const fs::path& folder, const std::string& revision) {
  const fs::path top = repository(folder);
  const std::string since = commit(folder, revision);
  std::set<fs::path> files;
  add(files, top, output_of(top, {"diff", "--name-only", "--diff-filter=d", "-z", since, "--"}));
  add(files, top, output_of(top, {"ls-files", "--others", "--exclude-standard", "--full-name", "-z"}));
  return files;
}

}  // namespace martlet
