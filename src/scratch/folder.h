// A temporary folder that is recognisable when a crash leaves it behind.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace martlet {

/// "martlet-scratch-" and six letters, in $TMPDIR or /tmp, 0700; removed with all its content by the destructor.
class ScratchFolder {
 public:
  /// `owner`: the system user it is given to; "" = the user we are.
  explicit ScratchFolder(const std::string& owner = "");
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Scratch folders that exist: of programs that run, or that were killed.
std::vector<std::filesystem::path> scratch_folders();

}  // namespace martlet
