#include "scratch/folder.h"

#include <fmt/format.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace martlet {
namespace {

constexpr std::string_view kPrefix = "martlet-scratch-";

std::filesystem::path temporary_root() {
  std::error_code failure;
  const auto root = std::filesystem::temp_directory_path(failure);
  return failure ? "/tmp" : root;
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& owner) {
  std::string name = (temporary_root() / (std::string(kPrefix) + "XXXXXX")).string();
  if (!mkdtemp(name.data())) {
    throw Error(ErrorKind::usage, fmt::format("cannot create a temporary folder {}: {}", name, std::strerror(errno)));
  }
  path_ = name;
  const passwd* user = owner.empty() ? nullptr : getpwnam(owner.c_str());
  if (user && chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw Error(ErrorKind::usage, fmt::format("cannot give {} to {}: {}", name, owner, std::strerror(errno)));
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::filesystem::path> scratch_folders() {
  std::vector<std::filesystem::path> found;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(temporary_root(), failure)) {
    if (entry.path().filename().string().starts_with(kPrefix)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace martlet
