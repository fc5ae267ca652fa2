// A scratch copy of the target's schema with a sample of its rows, to try statements on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/settings.h"
#include "schema/catalog.h"
#include "scratch/scratch.h"

namespace martlet {

class Rehearsal {
 public:
  /// Makes the copy: the schema as pg_dump gives it, of each table at most `rows` rows (whichever come first), and
  /// materialized views filled from those. `target` is the target's catalog; `server` is scratch_url, "" = none given.
  /// martlet's own tables are left out. What cannot be copied is told by lacks(). Throws where there is no place for a
  /// scratch database, or the target cannot be read.
  Rehearsal(const RunSettings& settings, const std::string& server, const Catalog& target, int rows);
  /// The same through a session on the target that is open: copies made in one REPEATABLE READ transaction of it are
  /// equal.
  Rehearsal(const RunSettings& settings, const std::string& server, const Catalog& target, int rows, Connection& from);

  /// A session on the copy, of a role that may do anything there.
  Connection& connection() { return *connection_; }
  /// For people: "on the target's own server", …
  const std::string& where() const { return scratch_->where(); }
  /// What is in the target and not in the copy, with the reason, for people.
  const std::vector<std::string>& lacks() const { return lacks_; }

 private:
  void copy_schema(Connection& target, const RunSettings& settings);
  void copy_rows(Connection& target, const Relation& table, int rows);
  void fill(const Relation& materialized_view);
  /// Does it on the copy; where it fails, the copy lacks it.
  template <class Action>
  void attempt(const std::string& what, const Action& action);

  std::unique_ptr<ScratchDatabase> scratch_;
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> lacks_;
};

}  // namespace martlet
