#include "backup/engine/engine.h"

#include <fmt/format.h>

#include "base/error.h"

namespace martlet {

const BackupEngine& engine_of(std::string_view id) {
  if (const BackupEngine* engine = Registry<BackupEngine>::find(id)) return *engine;
  throw Error(ErrorKind::usage,
              fmt::format("the backup is of a database of kind \"{}\", which this martlet does not know", id));
}

const BackupEngine& engine_for(Dialect dialect) {
  for (const BackupEngine* engine : Registry<BackupEngine>::all()) {
    if (engine->dialect == dialect) return *engine;
  }
  throw Error(ErrorKind::internal, "no backup engine for this kind of database");
}

}  // namespace martlet
