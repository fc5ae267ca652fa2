#include "hazard/judge.h"

#include <algorithm>
#include <tuple>

#include "base/registry.h"
#include "effects/execute.h"
#include "effects/transactional.h"
#include "hazard/run_state.h"
#include "migration/folder.h"
#include "sql/body.h"

namespace martlet {
namespace {

// martlet runs a file without a transaction as soon as one of its statements refuses to be in one.
bool runs_in_transaction(const std::vector<Statement>& statements, Dialect dialect) {
  return std::ranges::all_of(statements,
                             [&](const Statement& each) { return transactionality(each, dialect).transactional(); });
}

void sort_by_place(std::vector<HazardFinding>& found) {
  std::ranges::stable_sort(found, {}, [](const HazardFinding& each) {
    return std::tie(each.finding.place.file, each.finding.place.line, each.finding.place.column);
  });
}

}  // namespace

Judge::Judge(Catalog catalog, SessionState session, JudgeSettings settings)
    : catalog_(std::move(catalog)),
      first_session_(std::move(session)),
      session_(first_session_),
      settings_(std::move(settings)),
      active_(settings_.dialect, settings_.severities) {
  catalog_.record();
  if (settings_.dialect == Dialect::sqlite) sqlite_.emplace(SqliteModel::Completeness::incomplete);
}

void Judge::start_from(Connection& database) {
  sqlite_.emplace(SqliteModel::Completeness::complete);
  sqlite_->copy_schema(database);
}

std::vector<HazardFinding> Judge::judge(const Migration& migration) {
  Findings found;
  if (settings_.new_tables == JudgeSettings::NewTables::of_the_file) {
    state_.created_in_run.clear();
    state_.empty_tables.clear();
  }
  keeps_changes_ = compares_down(migration);
  before_up_ = catalog_.mark();
  judge_part(migration, migration.up, PartKind::up, found);
  if (settings_.other_parts) judge_other_parts(migration, found);
  catalog_.forget_changes();
  std::vector<HazardFinding> all = found.take();
  std::ranges::sort(statements_, {}, [](const StatementLines& each) {
    return std::tie(each.first.file, each.first.line, each.first.column);
  });
  Suppressions suppressions(migration, std::exchange(statements_, {}));
  tally_.allowed += suppressions.apply(all);
  std::ranges::move(suppressions.complaints(active_), std::back_inserter(all));
  sort_by_place(all);
  return all;
}

// What keeps a text from being split into statements at all.
void Judge::add_broken(const Error& error, Findings& found) const {
  const ActiveHazard* syntax = active_.find("syntax");
  if (!syntax) return;
  found.add({.finding = {.severity = syntax->severity,
                         .id = std::string(syntax->hazard->id),
                         .place = error.place,
                         .message = error.message,
                         .next = error.next_step}});
}

// Each as a run of its own, on what the up part leaves.
void Judge::judge_other_parts(const Migration& migration, Findings& found) {
  const auto created = std::exchange(state_.created_in_run, {});
  const auto empty = std::exchange(state_.empty_tables, {});
  const bool up_understood = understood_;
  for (const auto& [part, kind] :
       {std::pair{&migration.contract, PartKind::contract}, {&migration.down, PartKind::down}}) {
    if (!*part) continue;
    state_.created_in_run.clear();
    state_.empty_tables.clear();
    const CatalogMark mark = catalog_.mark();
    std::optional<SqliteModel> after_up;
    if (sqlite_) after_up.emplace(std::exchange(*sqlite_, sqlite_->copy()));
    judge_part(migration, **part, kind, found);
    if (sqlite_) *sqlite_ = std::move(*after_up);
    if (kind == PartKind::down && keeps_changes_ && up_understood && understood_) {
      finish_down(migration, mark, found);
    }
    catalog_.roll_back(mark);
  }
  state_.created_in_run = created;
  state_.empty_tables = empty;
}

void Judge::judge_part(const Migration& migration, const SourceText& source, PartKind kind, Findings& found) {
  std::vector<Statement> statements;
  try {
    statements = split(fill_placeholders(source, settings_.placeholders), settings_.dialect);
  } catch (const Error& error) {
    add_broken(error, found);
    understood_ = false;
    return;
  }
  session_ = first_session_;
  understood_ = true;
  state_.wants_transaction =
      settings_.transactions && (kind == PartKind::down ? migration.down_transactional : migration.transactional);
  state_.in_transaction = state_.wants_transaction && runs_in_transaction(statements, settings_.dialect);
  state_.lock_timeout_set = false;
  session_.in_transaction = state_.in_transaction;
  forget_transaction(state_);
  forget_file(state_);
  found.begin_part();
  judge_statements(statements, migration, kind, found);
  finish_part(migration, kind, found);
}

// A down part can only be compared where what the up part changed is still known.
bool Judge::compares_down(const Migration& migration) const {
  if (!migration.down || !settings_.other_parts || sqlite_) return false;
  return std::ranges::any_of(active_.all(), [](const ActiveHazard& each) { return each.hazard->check_down; });
}

void Judge::finish_down(const Migration& migration, const CatalogMark& after_up, Findings& found) const {
  for (const ActiveHazard& active : active_.all()) {
    if (!active.hazard->check_down) continue;
    found.hazard = active.hazard;
    found.severity = active.severity;
    active.hazard->check_down({migration, catalog_, before_up_, after_up}, found);
  }
}

void Judge::finish_part(const Migration& migration, PartKind kind, Findings& found) const {
  for (const ActiveHazard& active : active_.all()) {
    found.hazard = active.hazard;
    found.severity = active.severity;
    if (active.hazard->finish) active.hazard->finish(catalog_, state_, found);
    if (active.hazard->check_migration && kind == PartKind::up) {
      active.hazard->check_migration(migration, catalog_, state_, found);
    }
  }
}

void Judge::judge_statements(const std::vector<Statement>& statements, const Migration& migration, PartKind kind,
                             Findings& found) {
  if (!sqlite_) {
    return visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
      judge_statement(statement, tree, migration, kind, found);
      if (kind == PartKind::up && !keeps_changes_) catalog_.forget_changes();
    });
  }
  if (state_.in_transaction) sqlite_->connection().execute("BEGIN");
  for (const Statement& statement : statements) {
    judge_statement(statement, Tree(), migration, kind, found);
    note_empty_tables(state_, statement, sqlite_->connection());
    sqlite_->run(statement);
  }
  if (sqlite_->connection().in_transaction()) sqlite_->connection().execute("COMMIT");
}

Effects Judge::execute_on_model(const Statement& statement, const Tree& tree) {
  Effects effects = sqlite_ ? sqlite_->try_out(statement) : execute(statement, tree, catalog_, session_);
  if (!effects.known || effects.error) understood_ = false;
  return effects;
}

// The statements of a DO block, each as if it stood in the file. What they change is taken back: the block is executed
// as a whole afterwards.
void Judge::judge_body(const Statement& outer, const Node& node, const Migration& migration, PartKind kind,
                       Findings& found) {
  const std::optional<Body> body = open_body(outer, node);
  if (!body) return;
  std::vector<Statement> inner;
  for (const BodyPart& part : body->parts) {
    if (part.kind == PlpgsqlPart::Kind::statement) inner.push_back(part.statement);
  }
  const CatalogMark mark = catalog_.mark();
  const SessionState session = session_;
  const bool in_transaction = std::exchange(state_.in_transaction, true);
  session_.in_transaction = in_body_ = true;
  const std::size_t first = found.size();
  visit_trees(inner, [&](const Statement& statement, const Tree& tree) {
    judge_statement(statement, tree, migration, kind, found);
  });
  for (std::size_t i = first; i < found.size(); ++i) {
    found[i].fix.reset();  // its text is part of another statement's
    found[i].block = outer.place;
  }
  in_body_ = false;
  state_.in_transaction = in_transaction;
  session_ = session;
  catalog_.roll_back(mark);
}

void Judge::judge_statement(const Statement& statement, const Tree& tree, const Migration& migration, PartKind kind,
                            Findings& found) {
  const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
  if (node && node->node_case == PG_QUERY__NODE__NODE_DO_STMT && !in_body_) {
    judge_body(statement, *node, migration, kind, found);
  }
  const CatalogMark mark = catalog_.mark();
  const Effects effects = execute_on_model(statement, tree);
  ask({.statement = statement,
       .node = node,
       .tree = tree,
       .effects = effects,
       .catalog = catalog_,
       .before = CatalogBefore(catalog_, mark),
       .session = session_,
       .state = state_,
       .migration = &migration,
       .is_down = kind == PartKind::down,
       .is_contract = kind == PartKind::contract,
       .in_body = in_body_,
       .sqlite = sqlite_ ? &sqlite_->connection() : nullptr},
      found);
  take_note(state_, statement, node, effects, catalog_, mark, session_);
  if (state_.in_transaction != session_.in_transaction || !session_.in_transaction) forget_transaction(state_);
  state_.in_transaction = session_.in_transaction;
  note_place(statement, migration);
}

// Only where an allow may ask for it.
void Judge::note_place(const Statement& statement, const Migration& migration) {
  ++tally_.statements;
  const auto is_allow = [](const Directive& each) { return each.name == "allow"; };
  if (std::ranges::none_of(migration.directives, is_allow)) return;
  const auto lines = static_cast<int>(std::ranges::count(statement.text, '\n'));
  statements_.push_back({statement.place, statement.place.line + lines});
}

void Judge::ask(const Case& at, Findings& found) const {
  const std::size_t first = found.size();
  for (const ActiveHazard& active : active_.of(at.node)) {
    if (at.is_down && !active.hazard->downs) continue;
    if (active.hazard->last && found.size() > first) break;
    found.hazard = active.hazard;
    found.severity = active.severity;
    const std::size_t own = found.size();
    active.hazard->check(at, found);
    for (std::size_t i = own; i < found.size(); ++i) settle(at, *active.hazard, found[i]);
  }
}

void Judge::settle(const Case& at, const Hazard& hazard, HazardFinding& finding) const {
  finding.statement.place = at.statement.place;
  if (finding.fix) finding.statement.text = at.statement.text;
  const bool fits =
      settings_.max_block_ms > 0 && at.effects.estimate && at.effects.estimate->high <= settings_.max_block_ms;
  if (fits && hazard.size_aware && !finding.at_any_size) finding.finding.severity = Finding::Severity::note;
}

}  // namespace martlet
