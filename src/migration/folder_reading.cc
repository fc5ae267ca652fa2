#include "migration/folder_reading.h"

namespace martlet {

FolderReading::FolderReading(const FolderOptions& options)
    : folder_(std::async(std::launch::async, read_folder, options)) {}

void FolderReading::finish() {
  std::promise<Folder> read;
  read.set_value(folder_.get());
  folder_ = read.get_future();
}

Folder FolderReading::take() {
  return folder_.get();
}

}  // namespace martlet
