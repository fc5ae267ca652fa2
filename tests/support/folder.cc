#include "tests/support/folder.h"

#include "base/files.h"

namespace martlet::testing {

std::filesystem::path TemporaryFolder::write(std::string_view name, std::string_view content) const {
  const auto file = path() / name;
  std::filesystem::create_directories(file.parent_path());
  write_file(file, content);
  return file;
}

std::string TemporaryFolder::read(std::string_view name) const {
  return read_file(path() / name);
}

void TemporaryFolder::copy_from(const std::filesystem::path& source, std::string_view as) const {
  std::filesystem::create_directories((path() / as).parent_path());
  std::filesystem::copy(source, path() / as,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
}

}  // namespace martlet::testing
