#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "migration/load.h"

namespace martlet {
namespace {

[[noreturn]] void refuse(const std::string& path, int error) {
  if (error == ENOENT) {
    throw Error(ErrorKind::usage, fmt::format("there is no migrations folder {}", path))
        .next("create it with `martlet init`, or name another one with --dir or `[migrations] dir`");
  }
  throw Error(ErrorKind::usage, fmt::format("cannot read the migrations folder {}: {}", path, std::strerror(error)))
      .next("name a folder that this user may read with --dir or `[migrations] dir`");
}

// The kind of an entry costs a system call only where the file system does not tell, or for a link.
bool is_folder(const std::string& path, const dirent& entry) {
  if (entry.d_type == DT_DIR) return true;
  if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return false;
  struct stat about {};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

void list_into(Listing& listing, const std::string& path, const std::string& prefix, int depth) {
  constexpr int kMaxDepth = 16;  // a link that points to its own parent ends here
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), &closedir);
  if (!folder) refuse(path, errno);
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name.starts_with('.')) continue;
    std::string file = prefix + std::string(name);
    if (entry->d_type == DT_REG || !is_folder(path + "/" + std::string(name), *entry)) {
      listing.files.push_back(std::move(file));
    } else if (file != "tests" && depth < kMaxDepth) {
      list_into(listing, path + "/" + std::string(name), file + "/", depth + 1);
    }
  }
}

}  // namespace

Listing list_migrations(const std::string& path) {
  Listing listing{path, {}};
  list_into(listing, path, "", 0);
  std::sort(listing.files.begin(), listing.files.end());
  return listing;
}

}  // namespace martlet
