// A rule about effects or text: one file in hazards/ each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
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

/// Text to put in place of [begin, end) of the statement's own text, in bytes.
struct TextEdit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// A text fix: edits of the statement, or lines before it.
struct TextFix {
  std::vector<TextEdit> edits;
  std::string line_before;                // a line of its own above the statement
  bool file_without_transaction = false;  // also adds `-- martlet:no-transaction` to the file
};

/// A hazard at a place.
struct HazardFinding {
  Finding finding;       // id, severity, place, message, next
  std::string safe_sql;  // the recipe rendered for this table; "" = none
  std::string recipe;    // its id
  std::optional<TextFix> fix;
  std::vector<std::string> relations;  // that it is about, as people write them
};

/// What has happened so far in the file and in the run, for rules that look further than one statement.
struct RunState {
  std::unordered_set<ObjectId> created_in_run;  // relations nobody else uses yet
  std::unordered_set<ObjectId> created_in_transaction;
  std::unordered_set<ObjectId> exclusively_locked;  // by this transaction, existing tables only
  std::unordered_set<ObjectId> not_validated;       // constraints added NOT VALID in this transaction
  bool in_transaction = true;                       // the file is run as one transaction, or a BEGIN is open
  bool wrote_rows = false;                          // this transaction changed rows of an existing table
  bool changed_schema = false;                      // this transaction changed an existing table's definition
  bool lock_timeout_set = false;
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

  /// Does nobody use it yet: was it created earlier in the same run, or by this statement?
  bool is_new(ObjectId relation) const;
};

class Findings;

struct Hazard {
  enum class Severity { off, info, warning, error };
  std::string_view id;
  Severity severity;
  std::string_view summary;  // one line: what it is
  std::string_view why;      // a paragraph: what happens to the application, with measured figures where there are any
  std::string_view safe_form;  // a paragraph: what to do instead
  std::string_view recipe;     // id of the recipe that is shown; "" = none
  /// Which statements it looks at; empty = all, those that did not parse included.
  std::vector<PgQuery__Node__NodeCase> on;
  void (*check)(const Case& at, Findings& found);
  /// After the last statement of a file; for what only the whole shows. May be null.
  void (*check_migration)(const Migration& migration, const Catalog& catalog, const RunState& state,
                          Findings& found) = nullptr;
  Dialect dialect = Dialect::postgres;
};

/// Where a hazard says what it found.
class Findings {
 public:
  /// At the statement, or at a byte of its text (a node's `location`).
  HazardFinding& add(const Case& at, std::string message, int location = -1);
  std::vector<HazardFinding> take();

  const Hazard* hazard = nullptr;  // the one that is looking

 private:
  std::vector<HazardFinding> found_;
};

}  // namespace martlet
