// pg_dump's custom format, read as it streams by: which rows of which table, and nothing kept.
//
// The format is that of pg_backup_archiver.c and pg_backup_custom.c: a head, a table of contents, then one block of
// chunks for each table's rows and for the large objects. Versions 1.14 (pg_dump 13 to 15) to 1.16 (17, 18).
#pragma once

#include "backup/manifest.h"
#include "backup/stream.h"

namespace martlet {

/// Reads the dump to its end. Its tables are summed with `seed`, its sequences listed. Throws Error{validation} where
/// it is no dump of these versions, is compressed, or ends in its middle.
Contents read_custom_dump(ByteSource& dump, std::uint64_t seed);

/// A large object's number, which is hashed with its content.
void add_large_object_name(PieceHash& hash, std::string_view oid);

}  // namespace martlet
