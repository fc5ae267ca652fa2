// Goes through the statements of migrations, executes each on the model, and asks the hazards about it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "hazard/active.h"
#include "hazard/feed.h"
#include "hazard/hazard.h"
#include "hazard/sqlite_model.h"
#include "hazard/suppression.h"

namespace martlet {

/// A statement that was executed on the model and judged; the next one has not been looked at yet.
struct JudgedStatement {
  const Case& at;
  std::span<const HazardFinding> found;  // about this statement
  std::size_t index;                     // of the statement in its part
  // What the next statement will be judged on, to be changed by who runs this one in another way.
  Catalog& catalog;
  SessionState& session;
  CatalogMark mark;  // before the statement
  const SessionState& session_before;
};

struct JudgeSettings {
  Dialect dialect = Dialect::postgres;
  std::map<std::string, Hazard::Severity> severities;  // by hazard, on top of its own
  /// How long a lock that blocks others may be held; below it a size-aware hazard becomes a note. 0 = it never does.
  double max_block_ms = 0;
  /// Whose tables does nobody use yet: those of the same file, or those of all files that are judged (one run)?
  enum class NewTables { of_the_file, of_all_files } new_tables = NewTables::of_the_file;
  bool transactions = true;  // false: no file runs in a transaction (`--tx none`)
  bool other_parts = true;   // down and contract parts as well
  std::map<std::string, std::string> placeholders;
  bool details = true;  // false: findings without safe SQL and without what happens, which cost more than the judging
  bool fingerprints = true;  // false: findings without the digest of their statement, which fingerprints() wants
  /// Called with each statement of a file, not with those in the body of a DO block. May be empty.
  std::function<void(const JudgedStatement&)> judged;
};

/// Judges files one after the other; each on the catalog that those before it leave behind.
class Judge {
 public:
  /// `catalog`: as it is before the first file. Throws Error{usage} for severities of hazards that do not exist.
  Judge(Catalog catalog, SessionState session, JudgeSettings settings);

  /// The first file is judged on what is in this database. Throws the connection's errors.
  static Judge on(Connection& database, JudgeSettings settings);

  /// SQLite: the first file is judged on this database's schema, whose tables may have rows. Before the first judge().
  void start_from(Connection& database);

  /// What is to be said about the migration, in the order of places. Text that cannot even be split is a finding
  /// ("syntax"). The down and contract parts are each judged as a run of its own behind the up part, and leave nothing.
  std::vector<HazardFinding> judge(const Migration& migration);

  /// The same for many, parsed ahead; `judged` is called with each and its findings, in their order.
  void judge(std::span<const Migration* const> migrations,
             const std::function<void(const Migration&, std::vector<HazardFinding>)>& judged);

  /// After the files judged so far.
  const Catalog& catalog() const { return catalog_; }
  struct Tally {
    std::size_t statements = 0;
    std::size_t allowed = 0;  // findings that a `-- martlet:allow` took out
  };
  const Tally& tally() const { return tally_; }
  const ActiveHazards& active() const { return active_; }

 private:
  void take(const Piece& piece, Findings& found);
  void begin_part(const PartText& part, Findings& found);
  void end_part(const PartText& part, Findings& found);
  std::vector<HazardFinding> end_migration(const Migration& migration, Findings& found);
  void judge_statement(const Statement& statement, const Tree& tree, const Migration& migration, PartKind kind,
                       Findings& found, std::size_t index = 0);
  void judge_body(const Statement& outer, const Node& node, const Migration& migration, PartKind kind, Findings& found);
  bool compares_down(const Migration& migration) const;
  bool misses_down(const Migration& migration) const;
  void finish_down(const Migration& migration, Findings& found) const;
  void finish_part(const Migration& migration, PartKind kind, Findings& found) const;
  void add_broken(const Error& error, Findings& found) const;
  void note_place(const Statement& statement, const Migration& migration);
  Effects execute_on_model(const Statement& statement, const Tree& tree);
  void ask(const Case& at, Findings& found) const;
  void settle(const Case& at, const Hazard& hazard, HazardFinding& finding) const;

  Catalog catalog_;
  const SessionState first_session_;
  SessionState session_;
  JudgeSettings settings_;
  ActiveHazards active_;
  RunState state_;
  std::vector<StatementLines> statements_;  // of the migration in work
  Tally tally_;
  std::optional<SqliteModel> sqlite_;
  bool in_body_ = false;
  bool keeps_changes_ = false;  // those of the up part, for the down part to be compared with
  CatalogMark before_up_;
  bool understood_ = true;     // every statement of the part so far is in the model, and none would fail
  bool up_understood_ = true;  // so was the up part
  // While a contract or down part is judged: how to go back to what the up part left.
  CatalogMark after_up_;
  std::unordered_set<ObjectId> created_after_up_;
  std::set<std::string> empty_after_up_, made_after_up_;
};

}  // namespace martlet
