// A kind of database that can be backed up: one file registers itself for each.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backup/manifest.h"
#include "backup/stream.h"
#include "base/registry.h"
#include "db/connection.h"
#include "db/url.h"
#include "history/names.h"

namespace martlet {

/// How far a piece of work is, in bytes of the dump; `total` is an estimate, 0 = not known.
using BackupProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct DumpOrder {
  Url url;
  HistoryOptions history;
  BackupType type = BackupType::full;
  bool with_owner = false;
  bool sums = true;
};

/// One consistent state of a database, held while it is dumped.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  /// Writes the dump. Throws Error{connection} with what the tool said.
  virtual Contents dump(ByteSink& out) = 0;
  /// About how many bytes that will be; 0 = not known.
  virtual std::uint64_t estimated_bytes() const = 0;
};

/// A database that was filled from a dump, and that nobody uses yet.
struct FillOrder {
  Url url;  // an empty database made by `create`
  const BackupHeader& header;
  int jobs = 1;  // more than 1: through a temporary file of mode 0600
};

struct BackupEngine {
  std::string_view id;  // BackupHeader::engine
  Dialect dialect;
  /// Takes the snapshot, and fills in what the header says about server, version and settings.
  std::unique_ptr<Snapshot> (*take)(const DumpOrder& order, BackupHeader& header);
  /// What a database that has no backup must be made like: the one at `url`, or the server's default where there is
  /// none.
  BackupHeader (*like)(const Url& url);
  /// Held while a restore into `to` is going on. Throws Error{lock} where another one holds it.
  std::shared_ptr<void> (*reserve)(const Url& to);
  /// An empty database with the settings of the one that was dumped. Throws where it exists.
  void (*create)(const Url& url, const BackupHeader& header);
  /// Reads the dump to its end into that database.
  void (*fill)(const FillOrder& order, ByteSource& dump);
  /// The same from a file of another tool: a script of SQL, a dump of pg_dump's, a SQLite database.
  void (*fill_from_file)(const Url& url, const std::string& file);
  /// Computes the sums anew from the rows that are there. Returns each difference as a sentence.
  std::vector<std::string> (*compare)(const Url& url, const BackupHeader& header, const Contents& expected);
  /// Puts the database at `from` in the place of the one at `to` in one step, which is kept as `kept` (a name as
  /// Url::with_database takes it). Where there is none at `to`, `from` only gets its name. Settings and privileges of
  /// the old one are carried over.
  void (*swap)(const Url& from, const Url& to, const std::string& kept);
};

/// Of the backup's engine. Throws Error{usage} for one that this program does not have.
const BackupEngine& engine_of(std::string_view id);
const BackupEngine& engine_for(Dialect dialect);

}  // namespace martlet
