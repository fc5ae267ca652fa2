// What tests of backups share.
#pragma once

#include <cstdlib>
#include <string>

#include "backup/backup.h"
#include "base/files.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"

namespace martlet::testing {

/// Large counts belong to `./dev soak`, which sets this; a tenth runs in every test.
inline int times(int in_soak) {
  return std::getenv("MARTLET_SOAK") != nullptr ? in_soak : in_soak / 10;
}

inline BackupSettings settings_for(const Url& url, const TemporaryFolder& folder) {
  BackupSettings settings;
  settings.store.folder = (folder / "backups").string();
  settings.url = url;
  settings.environment = "test";
  settings.who = Identity::detect("tester", "");
  return settings;
}

inline void run_script(const Url& url, const std::filesystem::path& path) {
  const auto connection = open_connection(url);
  for (const Statement& statement : split({read_file(path), path.string(), 1}, url.dialect()))
    connection->execute(statement.text);
}

inline const std::filesystem::path kEverything =
    std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/backup/everything.sql";

}  // namespace martlet::testing
