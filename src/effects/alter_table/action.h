// The sub-commands of ALTER TABLE: one file each (those that share everything share one), and the statement they are
// parts of.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "effects/execution.h"
#include "effects/rows.h"

namespace martlet {

/// The server goes through the sub-commands in passes (PostgreSQL 15, tablecmds.c, AT_PASS_…): what is dropped first,
/// then types, then what is added; then it rewrites or scans each table once for all of them together.
enum class AlterPass {
  drop,
  alter_type,
  old_index,
  old_constraint,
  add_column,
  column_attributes,
  add_constraint,
  add_index_constraint,
  add_index,
  add_other_constraint,
  miscellaneous,
};

/// The kinds of relations a sub-command may be used on (ATT_… of tablecmds.c), as bits.
namespace alter_target {
inline constexpr unsigned table = 1;  // partitioned ones too
inline constexpr unsigned view = 2;
inline constexpr unsigned materialized_view = 4;
inline constexpr unsigned index = 8;
inline constexpr unsigned composite_type = 16;
inline constexpr unsigned foreign_table = 32;
inline constexpr unsigned partitioned_index = 64;
inline constexpr unsigned sequence = 128;
inline constexpr unsigned any = 255;
}  // namespace alter_target

struct AlterStep;

/// One sub-command: what is the same for each of its uses is data.
struct AlterAction {
  std::string_view id;  // the parser's name without its prefix: "AddColumn"
  PgQuery__AlterTableType type;
  std::string_view words;  // as the server's errors call it: "ADD COLUMN"
  LockMode lock;           // on the table itself (tablecmds.c, AlterTableGetLockLevel)
  AlterPass pass;
  unsigned targets;  // alter_target bits
  void (*execute)(const AlterStep& step);
  /// What is checked before the table is even looked up; may be null.
  void (*begin)(Execution& execution, const PgQuery__AlterTableCmd& command) = nullptr;
  /// What is checked and queued before anything is executed (ATPrepCmd); may be null.
  void (*prepare)(const AlterStep& step) = nullptr;
  /// The server queues it for all descendants before anything is executed (ATSimpleRecursion).
  bool recurses = false;
  /// Where its lock or pass depends on what is written; may be null.
  LockMode (*lock_of)(const PgQuery__AlterTableCmd& command) = nullptr;
  AlterPass (*pass_of)(const PgQuery__AlterTableCmd& command) = nullptr;
};

/// What is gathered for one table on the way through the passes, and done for it at the end.
struct AlteredTable {
  ObjectId id = 0;
  bool rewrite = false;     // its rows are written anew
  bool scan = false;        // its rows are read: a new NOT NULL, CHECK or partition constraint
  bool new_values = false;  // a column is added with a value, or changes its type
  std::string null_column;  // the error of rows that are there: a new column has no value and must have one
  bool new_file = false;    // its file is copied as it is
  bool persistence_changed = false, access_method_changed = false;
  // To be dropped and made again for a type change: constraints of any table, with it, and indexes on this one.
  std::vector<std::pair<ObjectId, ObjectId>> constraints;
  std::vector<ObjectId> indexes;
  std::vector<Column> columns_before;  // at the beginning of the statement
};

/// One ALTER TABLE in work.
class AlterTable {
 public:
  AlterTable(Execution& in_execution, LockMode in_lock) : execution(in_execution), lock(in_lock) {}

  Execution& execution;
  const LockMode lock;  // the strongest of all sub-commands, taken on every table they recurse to

  const Relation& relation(ObjectId id) const { return *execution.catalog.relations.get(id); }
  Relation& edit(ObjectId id) { return execution.catalog.relations.edit(id); }

  /// Checks the sub-command and queues it, for the descendants too where it recurses that way.
  void prepare(const AlterAction& action, const PgQuery__AlterTableCmd& command, ObjectId table, bool recurse,
               bool recursing);
  /// Queues work on a table for a later pass.
  void later(AlterPass pass, ObjectId table, std::function<void()> work);
  /// Goes through the passes, then rewrites and scans.
  void run();
  /// What is gathered for a table.
  AlteredTable& altered(ObjectId table);

 private:
  void run_pass(AlterPass pass);
  void finish(const AlteredTable& table);

  struct Work {
    AlterPass pass;
    ObjectId table;
    std::function<void()> run;
  };
  std::vector<Work> queue_;
  std::deque<AlteredTable> altered_;  // references stay good
};

/// A sub-command at work on one table.
struct AlterStep {
  AlterTable& alter;
  const AlterAction& action;
  const PgQuery__AlterTableCmd& command;
  ObjectId table;
  bool recurse;    // not ONLY
  bool recursing;  // it came from the table's parent

  Execution& execution() const { return alter.execution; }
  const Relation& relation() const { return alter.relation(table); }
  Relation& edit() const { return alter.edit(table); }
  [[noreturn]] void fail(std::string sqlstate, std::string message) const {
    alter.execution.fail(std::move(sqlstate), std::move(message));
  }
  /// The same sub-command, executed on a child.
  void execute_on(ObjectId child) const;
};

/// The sub-command's action, or nullptr where none is registered.
const AlterAction* alter_action(PgQuery__AlterTableType type);

/// A table's children, locked; direct ones, and all of them.
std::vector<ObjectId> lock_children(Execution& execution, ObjectId table, LockMode mode);
std::vector<ObjectId> lock_descendants(Execution& execution, ObjectId table, LockMode mode);
/// Partitions or inheriting tables it has, without a lock.
bool has_children(const Relation& relation);

/// The column of this name. Fails with 42703 where there is none, with 0A000 for a system column; of a table that was
/// only assumed, the column is assumed too.
const Column& existing_column(const AlterStep& step, std::string_view name);
/// ctid, xmin, …
bool is_system_column(std::string_view name);

}  // namespace martlet
