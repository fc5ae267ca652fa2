#include "backup/store/store.h"

#include "base/error.h"

namespace martlet {

std::unique_ptr<BackupStore> open_store(const StoreOptions& options) {
  for (const StoreKind* kind : Registry<StoreKind>::all()) {
    if (kind->meant(options)) return kind->open(options);
  }
  throw Error(ErrorKind::usage, "no place for backups is configured").next("set backup.dir");
}

}  // namespace martlet
