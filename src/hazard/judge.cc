#include "hazard/judge.h"

#include <algorithm>
#include <tuple>

#include "base/registry.h"
#include "effects/execute.h"
#include "hazard/fingerprint.h"
#include "hazard/happening.h"
#include "hazard/run_state.h"
#include "hazard/way_back.h"
#include "sql/body.h"

namespace martlet {
namespace {

// What an earlier file has made holds rows by now, nobody knows how many.
void forget_sizes(Catalog& catalog, const std::unordered_set<ObjectId>& relations) {
  for (const ObjectId id : relations) {
    if (!catalog.relations.get(id)) continue;
    Relation& relation = catalog.relations.edit(id);
    relation.pages = -1;
    relation.tuples = -1;
  }
}

void sort_by_place(std::vector<HazardFinding>& found) {
  const auto place = [](const HazardFinding& each) {
    return std::tie(each.finding.place.file, each.finding.place.line, each.finding.place.column);
  };
  if (!std::ranges::is_sorted(found, {}, place)) std::ranges::stable_sort(found, {}, place);
}

// A statement with a secret in it is not written out again: what is said here ends in build logs.
void hide_secrets(std::vector<HazardFinding>& found) {
  std::set<std::tuple<std::string, int, int>> secret;
  const auto place = [](const HazardFinding& each) {
    return std::tuple(each.statement.place.file, each.statement.place.line, each.statement.place.column);
  };
  for (const HazardFinding& each : found) {
    if (each.finding.id == "secret-in-migration") secret.insert(place(each));
  }
  if (secret.empty()) return;
  for (HazardFinding& each : found) {
    if (secret.contains(place(each))) each.safe_sql.clear();
  }
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

Judge Judge::on(Connection& database, JudgeSettings settings) {
  if (settings.dialect == Dialect::postgres) {
    return Judge(read_catalog(database), read_session_state(database), std::move(settings));
  }
  Judge judge(empty_catalog(), SessionState(), std::move(settings));
  judge.start_from(database);
  return judge;
}

void Judge::start_from(Connection& database) {
  sqlite_.emplace(SqliteModel::Completeness::complete);
  sqlite_->copy_schema(database);
}

std::vector<HazardFinding> Judge::judge(const Migration& migration) {
  std::vector<HazardFinding> all;
  const Migration* one[] = {&migration};
  judge(one, [&](const Migration&, std::vector<HazardFinding> found) { all = std::move(found); });
  return all;
}

void Judge::judge(std::span<const Migration* const> migrations,
                  const std::function<void(const Migration&, std::vector<HazardFinding>)>& judged) {
  Findings found;
  found.wants_details = settings_.details;
  feed(migrations, {settings_.dialect, settings_.other_parts, settings_.placeholders}, [&](const Piece& piece) {
    take(piece, found);
    const Migration& migration = *piece.part->migration;
    if (piece.is_last() && piece.part->is_last) judged(migration, end_migration(migration, found));
  });
}

void Judge::take(const Piece& piece, Findings& found) {
  const PartText& part = *piece.part;
  if (piece.is_first()) begin_part(part, found);
  for (std::size_t i = 0; i < piece.trees.size(); ++i) {
    const Statement& statement = part.statements[piece.first + i];
    const auto look = [&] {
      judge_statement(statement, piece.trees[i], *part.migration, part.kind, found, piece.first + i);
    };
    if (!on_stack_for(statement, look)) {
      judge_statement(statement, Tree{nullptr, false, "", 0}, *part.migration, part.kind, found, piece.first + i);
    }
    if (part.kind == PartKind::up && !keeps_changes_) catalog_.forget_changes();
  }
  if (piece.is_last()) end_part(part, found);
}

std::vector<HazardFinding> Judge::end_migration(const Migration& migration, Findings& found) {
  std::vector<HazardFinding> all = found.take();
  std::ranges::sort(statements_, {}, [](const StatementLines& each) {
    return std::tie(each.first.file, each.first.line, each.first.column);
  });
  Suppressions suppressions(migration, std::exchange(statements_, {}));
  tally_.allowed += suppressions.apply(all);
  std::ranges::move(suppressions.complaints(active_), std::back_inserter(all));
  sort_by_place(all);
  hide_secrets(all);
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

// A contract or down part is a run of its own, on what the up part leaves.
void Judge::begin_part(const PartText& part, Findings& found) {
  const bool is_up = part.kind == PartKind::up;
  if (is_up && settings_.new_tables == JudgeSettings::NewTables::of_the_file) {
    forget_sizes(catalog_, state_.created_in_run);
    state_.created_in_run.clear();
    state_.empty_tables.clear();
    state_.made_tables.clear();
  }
  if (!is_up) {
    after_up_ = catalog_.mark();
    created_after_up_ = std::exchange(state_.created_in_run, {});
    empty_after_up_ = std::exchange(state_.empty_tables, {});
    made_after_up_ = std::exchange(state_.made_tables, {});
    if (sqlite_) sqlite_->mark();
  }
  const Migration& migration = *part.migration;
  if (is_up) {
    const bool writes_down = misses_down(migration);
    keeps_changes_ = compares_down(migration) || writes_down;
    before_up_ = catalog_.mark();
    state_.undo = writes_down ? std::optional(std::vector<std::string>()) : std::nullopt;
  }
  understood_ = !part.broken;
  session_ = first_session_;
  state_.wants_transaction =
      settings_.transactions && (part.kind == PartKind::down ? migration.down_transactional : migration.transactional);
  state_.in_transaction = state_.wants_transaction && part.takes_transaction;
  state_.lock_timeout_set = false;
  session_.in_transaction = state_.in_transaction;
  forget_transaction(state_);
  forget_file(state_);
  found.begin_part();
  if (part.broken) add_broken(*part.broken, found);
  if (sqlite_ && state_.in_transaction) sqlite_->connection().execute("BEGIN");
}

void Judge::end_part(const PartText& part, Findings& found) {
  if (sqlite_ && sqlite_->connection().in_transaction()) sqlite_->connection().execute("COMMIT");
  if (!part.broken) finish_part(*part.migration, part.kind, found);
  if (part.kind == PartKind::up) {
    up_understood_ = understood_;
  } else {
    const bool comparable = compares_down(*part.migration) && up_understood_ && understood_;
    if (part.kind == PartKind::down && comparable) finish_down(*part.migration, found);
    catalog_.roll_back(after_up_);
    state_.created_in_run = std::move(created_after_up_);
    state_.empty_tables = std::move(empty_after_up_);
    state_.made_tables = std::move(made_after_up_);
    if (sqlite_) sqlite_->return_to_mark();
  }
  if (part.is_last) catalog_.forget_changes();
}

// A down part can only be compared where what the up part changed is still known.
bool Judge::compares_down(const Migration& migration) const {
  if (!migration.down || !settings_.other_parts || sqlite_) return false;
  return std::ranges::any_of(active_.all(), [](const ActiveHazard& each) { return each.hazard->check_down; });
}

// Only for who will read it: it is a second look at every statement.
bool Judge::misses_down(const Migration& migration) const {
  const bool is_asked = settings_.details && settings_.other_parts && !sqlite_ && active_.find("missing-down");
  const bool wants_one =
      migration.kind == MigrationKind::versioned && !migration.irreversible && !migration.layout.empty();
  return is_asked && wants_one && !migration.contract && !(migration.down && has_statements(*migration.down));
}

void Judge::finish_down(const Migration& migration, Findings& found) const {
  for (const ActiveHazard& active : active_.all()) {
    if (!active.hazard->check_down) continue;
    found.hazard = active.hazard;
    found.severity = active.severity;
    active.hazard->check_down({migration, catalog_, before_up_, after_up_}, found);
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

Effects Judge::execute_on_model(const Statement& statement, const Tree& tree) {
  Effects effects = sqlite_ ? sqlite_->execute(statement) : execute(statement, tree, catalog_, session_);
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
                            Findings& found, std::size_t index) {
  const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
  if (node && node->node_case == PG_QUERY__NODE__NODE_DO_STMT && !in_body_) {
    judge_body(statement, *node, migration, kind, found);
  }
  const CatalogMark mark = catalog_.mark();
  const bool tells = settings_.judged && !in_body_;
  const SessionState session_before = tells ? session_ : SessionState();
  EmptyTables tables;
  if (sqlite_) tables = empty_tables(state_, statement, sqlite_->connection());
  const Effects effects = execute_on_model(statement, tree);
  const Case at{.statement = statement,
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
                .sqlite = sqlite_ ? &*sqlite_ : nullptr};
  const std::size_t first = found.size();
  ask(at, found);
  if (!in_body_ && kind == PartKind::up) note_way_back(state_.undo, at, CatalogBefore(catalog_, before_up_));
  if (tells) settings_.judged({at, found.from(first), index, catalog_, session_, mark, session_before});
  take_note(state_, statement, node, effects, catalog_, mark, session_);
  if (!effects.error) take_note(state_, tables);
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
  if (settings_.fingerprints) finding.digest = text_digest(at.statement.text, settings_.dialect);
  if (settings_.details && (hazard.size_aware || !hazard.recipe.empty())) finding.happening = happening(at.effects);
  if (finding.fix) finding.statement.text = at.statement.text;
  const bool fits =
      settings_.max_block_ms > 0 && at.effects.estimate && at.effects.estimate->high <= settings_.max_block_ms;
  if (fits && hazard.size_aware && !finding.at_any_size) finding.finding.severity = Finding::Severity::note;
}

}  // namespace martlet
