// A temporary folder of a test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "scratch/folder.h"

namespace martlet::testing {

/// Removed with everything in it at the end of its scope.
class TemporaryFolder {
 public:
  /// `owner`: the system user it is given to; "" = the user we are.
  explicit TemporaryFolder(const std::string& owner = "") : folder_(owner) {}

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(std::string_view name) const { return path() / name; }
  /// Writes a file, with the folders above it. Returns its path.
  std::filesystem::path write(std::string_view name, std::string_view content) const;
  std::string read(std::string_view name) const;
  /// Copies a file or a whole folder (a fixture) into this folder.
  void copy_from(const std::filesystem::path& source, std::string_view as = ".") const;

 private:
  ScratchFolder folder_;
};

}  // namespace martlet::testing
