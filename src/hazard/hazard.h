// A rule about effects or text: one file in hazards/ each.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "effects/effects.h"
#include "effects/session_state.h"
#include "migration/migration.h"
#include "recipe/recipe.h"
#include "schema/catalog.h"
#include "sql/nodes.h"
#include "sql/statement.h"
#include "sql/tree.h"

namespace martlet {

class SqliteModel;

/// Text to put in place of [begin, end) of the statement's own text, in bytes.
struct TextEdit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// A text fix: edits of the statement, or lines before it.
struct TextFix {
  std::vector<TextEdit> edits;
  std::string line_before;                // a line of its own above the statement
  bool removes_statement = false;         // with its `;`, and with its line where nothing else stands there
  bool file_without_transaction = false;  // also adds `-- martlet:no-transaction` to the file
};

/// A hazard at a place.
struct HazardFinding {
  Finding finding;       // id, severity, place, message, next
  std::string safe_sql;  // the recipe rendered for this table; "" = none
  std::string recipe;    // its id
  /// The recipe's own steps, without what else the statement does. `command`: the sub-command of an ALTER TABLE that
  /// they stand in for; it lives as long as the statement's tree.
  std::vector<RecipeStep> steps;
  const PgQuery__AlterTableCmd* command = nullptr;
  std::optional<TextFix> fix;
  Statement statement;       // that was judged; its text only where there is a fix
  Place block;               // of the DO statement around it
  std::uint64_t digest = 0;  // of the statement (hazard/fingerprint.h); 0 = it is about no statement
  std::string happening;     // what the statement does to those who use its tables; "" = nothing they would notice
  std::vector<std::string> relations;  // that it is about, as people write them
  bool at_any_size = false;            // of a size-aware hazard: it hurts however small the table is
  // What finish() has to look at again; nobody else reads it.
  ObjectId object = 0;
  std::vector<int> columns;
  QualifiedName name;
};

/// Rows of one table that were copied into another: CREATE TABLE … AS SELECT … FROM, INSERT … SELECT … FROM.
struct TableCopy {
  QualifiedName source, target;  // as written
};

/// The ALTER TABLE right before a statement.
struct LastAlter {
  ObjectId table = 0;              // 0: another statement, or of a table that nobody uses yet
  std::string text;                // as written
  std::vector<std::string> names;  // columns and constraints that it names
  bool only = false;               // ONLY
  bool reads_table = false;        // reads or writes all of its rows
};

/// What has happened so far in the file and in the run, for rules that look further than one statement.
struct RunState {
  std::unordered_set<ObjectId> created_in_run;  // relations nobody else uses yet
  std::unordered_set<ObjectId> created_in_transaction;
  std::unordered_set<ObjectId> exclusively_locked;  // by this transaction, existing tables only
  std::unordered_set<ObjectId> not_validated;       // constraints added NOT VALID in this transaction
  bool in_transaction = true;                       // the file is run as one transaction, or a BEGIN is open
  bool wants_transaction = true;                    // the file does not say `-- martlet:no-transaction`; one that holds
                                                    // a statement that refuses transactions runs without all the same
  bool wrote_rows = false;      // this transaction changed rows of an existing table, and more of them than a statement
                                // lists or names by a key
  bool changed_schema = false;  // this transaction changed an existing table's definition
  bool lock_timeout_set = false;
  /// Columns that were added without a default, and that no statement has filled since: table, number.
  std::set<std::pair<ObjectId, int>> unfilled;
  std::vector<std::string> enum_labels;  // added in this transaction to enums that it has not created
  std::vector<TableCopy> copies;         // made by this file while others could write to the source
  std::set<ObjectId> changed_tables;     // existing tables that this file has changed
  std::set<ObjectId> write_blocked;      // existing tables (of partitions the root) that this transaction keeps others
                                         // from writing to
  bool locked_several = false;           // by more than one of its statements
  bool blocked_without_timeout = false;  // this file took a lock that others wait for, and no lock_timeout was set
  std::set<std::string> empty_tables;    // SQLite: that this run has made and nothing has filled, in lower case
  std::set<std::string> made_tables;     // SQLite: that this run has made, in lower case
  bool can_roll_back = false;            // this file has a statement that a transaction would take back
  /// SQL that takes back what the up part has done so far, last first; nullopt = nothing does, or nobody will ask.
  std::optional<std::vector<std::string>> undo;
  LastAlter last_alter;
};

/// One statement in front of a hazard.
struct Case {
  const Statement& statement;
  const Node* node;  // nullptr: it did not parse
  const Tree& tree;
  const Effects& effects;
  const Catalog& catalog;  // after the statement
  CatalogBefore before;
  const SessionState& session;  // after the statement
  const RunState& state;        // before the statement
  const Migration* migration;   // nullptr for standard input and single statements
  bool is_down = false;
  bool is_contract = false;  // it runs when no old code is left
  bool in_body = false;      // it stands in the body of a DO block
  /// SQLite: the schema after the statement; `effects.error` is what SQLite said to it there.
  SqliteModel* sqlite = nullptr;

  /// Does nobody use it yet: was it created earlier in the same run, or by this statement?
  bool is_new(ObjectId relation) const;
  /// The relation that the statement names, by the search path, as it was before; nullptr where there was none. One
  /// that only the statement speaks of, for want of a database, was there before.
  const Relation* relation(const QualifiedName& name) const;
  const Relation* relation(const PgQuery__RangeVar* range) const;

  /// What relation() has found: a dozen hazards ask about the same few names.
  mutable std::vector<std::pair<const PgQuery__RangeVar*, const Relation*>> found = {};
};

class Findings;

/// A down part was executed on what its up part left, and all statements of both were understood.
struct UpAndDown {
  const Migration& migration;
  const Catalog& catalog;     // after the down part
  CatalogMark before, after;  // before the up part, and after it
};

struct Hazard {
  enum class Severity { off, info, warning, error };
  std::string_view id;
  Severity severity;
  std::string_view summary;  // one line: what it is
  std::string_view why;      // a paragraph: what happens to the application, with measured figures where there are any
  std::string_view safe_form;  // a paragraph: what to do instead
  std::string_view recipe;     // id of the recipe that is shown; "" = none
  /// Which statements it looks at; empty = all, those that did not parse included. Of SQLite it sees all.
  std::vector<PgQuery__Node__NodeCase> on;
  void (*check)(const Case& at, Findings& found);
  /// After the last statement of a file; for what only the whole shows. May be null.
  void (*check_migration)(const Migration& migration, const Catalog& catalog, const RunState& state,
                          Findings& found) = nullptr;
  /// After the last statement of the up, contract and down part: takes back, with found.withdraw(), what a later
  /// statement has made good. May be null.
  void (*finish)(const Catalog& catalog, const RunState& state, Findings& found) = nullptr;
  /// After the down part of a file. May be null.
  void (*check_down)(const UpAndDown& both, Findings& found) = nullptr;
  Dialect dialect = Dialect::postgres;
  bool both_dialects = false;  // also asked about SQLite, where there is no tree
  bool size_aware = false;     // it hurts for as long as the lock is held: below the environment's budget it is a note
  bool downs = true;  // also asked about down parts (what they destroy and take from old code is their purpose)
  bool last = false;  // only asked where no other hazard found anything in the statement
};

/// Where a hazard says what it found.
class Findings {
 public:
  /// At the statement, or at a byte of its text (a node's `location`). The reference is valid until the next add().
  HazardFinding& add(const Case& at, std::string message, int location = -1);
  /// At the file as a whole, or at one of its lines: for check_migration.
  HazardFinding& add(const Migration& migration, std::string message, int line = 0);
  /// Puts the hazard's recipe for this table into the finding, if it has steps here. `command` and `constraint` as in
  /// Operation; `recipe` = another one than the hazard's.
  void offer(HazardFinding& finding, const Case& at, const Relation* table,
             const PgQuery__AlterTableCmd* command = nullptr, const PgQuery__Constraint* constraint = nullptr,
             std::string_view recipe = "") const;
  /// One that no hazard found: text that is none.
  void add(HazardFinding finding) { found_.push_back(std::move(finding)); }
  /// Takes back those of its findings in this part of the file that `is_made_good` says so of.
  void withdraw(const std::function<bool(const HazardFinding&)>& is_made_good);
  /// The next part of the file begins.
  void begin_part() { part_begin_ = found_.size(); }
  std::vector<HazardFinding> take();
  std::size_t size() const { return found_.size(); }
  /// Those from this index on; valid until the next add().
  std::span<const HazardFinding> from(std::size_t index) const { return std::span(found_).subspan(index); }
  HazardFinding& operator[](std::size_t index) { return found_[index]; }

  bool wants_details = true;                              // false: nobody will read recipes, so they are not made
  const Hazard* hazard = nullptr;                         // the one that is looking
  Finding::Severity severity = Finding::Severity::error;  // of what it finds, as configured

 private:
  std::vector<HazardFinding> found_;
  std::size_t part_begin_ = 0;
};

}  // namespace martlet
