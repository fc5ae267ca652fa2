// A folder that a thread of its own reads, begun as soon as it is known where the folder is: loading libpq and
// connecting, which a command does meanwhile, takes as long.
#pragma once

#include <future>

#include "migration/folder.h"

namespace martlet {

class FolderReading {
 public:
  explicit FolderReading(const FolderOptions& options);

  /// Waits until the folder is read. Throws what read_folder() throws.
  void finish();
  /// Waits for the folder and hands it over. Throws what read_folder() throws.
  Folder take();
  /// True once it was handed over, or failed: by now the files may have changed.
  bool is_over() const { return !folder_.valid(); }

 private:
  std::future<Folder> folder_;
};

}  // namespace martlet
