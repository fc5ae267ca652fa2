// A PostgreSQL database, dumped by pg_dump in a snapshot that this session exports.
#pragma once

#include <memory>

#include "backup/engine/engine.h"

namespace martlet {

std::unique_ptr<Snapshot> take_postgres_snapshot(const DumpOrder& order, BackupHeader& header);

}  // namespace martlet
