// What statements really do, seen on a live PostgreSQL server: the counterpart of execute().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>

#include "db/connection.h"
#include "effects/effects.h"
#include "effects/figures.h"
#include "sql/statement.h"

namespace martlet {

/// What becomes of the statements' changes once they are measured.
enum class Afterwards { roll_back, keep };

struct MeasureOptions {
  Afterwards afterwards = Afterwards::roll_back;
  /// Called after the last statement succeeded, while its transaction is still open.
  std::function<void()> look;
};

/// Measures on one session, which nobody else's DDL may disturb.
class Measurement {
 public:
  /// Looks at the relations that are there. TOAST tables and the server's own catalogs are left out. Throws the
  /// connection's errors.
  explicit Measurement(Connection& connection);

  /// Runs the statements in one transaction and tells what they did, all together, to the relations that were there
  /// before: locks that the own backend holds at the end (pg_locks), heaps and indexes whose storage is another one
  /// (pg_class.relfilenode; an index that was dropped and made again is recognised by its name), heaps read from end
  /// to end (pg_stat_get_xact_numscans; track_counts must be on).
  ///
  /// A statement that fails gives its error and nothing else. One that the server refuses in a transaction block
  /// (25001) gives transactional = false; with `keep` it is run on its own then, so that the next statement finds what
  /// it left. What is rolled back leaves nothing: the next measurement plans with the same figures (effects/figures.h).
  /// Throws the connection's errors where they are not the statement's own.
  [[nodiscard]] Effects measure(std::span<const Statement> statements, const MeasureOptions& options = {});

 private:
  struct Seen {
    std::string schema, name;
    RelationKind kind = RelationKind::table;
    std::string storage;  // relfilenode; "0" = it has none of its own
    std::int64_t scans = 0;
    std::vector<LockMode> locks;
  };
  using Relations = std::map<ObjectId, Seen>;

  Relations look(std::string_view query) const;
  static const Seen* find_now(const Relations& touched, ObjectId id, const Seen& was);
  static RelationEffect compare(const Seen& was, const Seen* now, std::int64_t scans_before);
  std::vector<RelationEffect> differences(const std::map<ObjectId, std::int64_t>& scans_before) const;
  std::map<ObjectId, std::int64_t> scans() const;

  Connection& connection_;
  Relations before_;
  Figures figures_;
};

}  // namespace martlet
