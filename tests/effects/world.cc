#include "tests/effects/world.h"

#include <filesystem>
#include <set>

#include "base/files.h"
#include "effects/agreement.h"
#include "effects/execute.h"
#include "schema/difference.h"
#include "sql/tree.h"

namespace martlet::testing {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/effects";

void run_file(Connection& connection, const std::filesystem::path& file) {
  const SourceText text{read_file(file), file.filename().string(), 1};
  for (const Statement& statement : split(text, Dialect::postgres)) connection.execute(statement.text);
}

/// Facts that a model cannot know, because the rows and the disk decide them.
bool is_up_to_the_server(const CatalogDifference& difference) {
  static const std::set<std::string, std::less<>> kAttributes{};
  return kAttributes.contains(difference.attribute);
}

}  // namespace

/// "what: simulated / read" of each fact in which the model differs from the server's catalog.
std::vector<std::string> World::differences_now() {
  std::vector<std::string> texts;
  for (const CatalogDifference& each : catalog_difference(catalog_, read_catalog(*connection_))) {
    if (!is_up_to_the_server(each)) texts.push_back("catalog: " + each.text());
  }
  return texts;
}

World::World() : database_(cluster(), "effects"), connection_(database_.connect()) {
  connection_->execute("SET client_min_messages = error");
  connection_->execute("SET TimeZone = 'Etc/UTC'");
  for (const char* setup : {"setup.sql", "setup2.sql"}) {
    if (exists(kFolder / setup)) run_file(*connection_, kFolder / setup);
  }
  // How many rows never-analysed tables have, the server's statistics tell: not before they are flushed.
  connection_->execute("SELECT pg_stat_force_next_flush()");
  measurement_ = std::make_unique<Measurement>(*connection_);
  catalog_ = read_catalog(*connection_);
  catalog_.record();
  session_ = read_session_state(*connection_);
  session_.in_transaction = true;  // a case is measured in one
}

Effects World::predict(const std::vector<Statement>& statements) {
  SessionState session = session_;
  const CatalogBefore before(catalog_, catalog_.mark());
  Effects whole;
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    if (whole.error) return;
    Effects effects = execute(statement, tree, catalog_, session);
    std::erase_if(effects.relations, [&](const RelationEffect& each) { return !before.relation(each.id); });
    add_later(whole, effects);
  });
  return whole;
}

Outcome World::run(const EffectCase& of, CatalogAfterwards catalog) {
  const std::vector<Statement> statements = split({of.sql, of.place, 1}, Dialect::postgres);
  const CatalogMark mark = catalog_.mark();
  Outcome outcome{.of = of};
  outcome.predicted = predict(statements);
  std::vector<std::string> differences;
  MeasureOptions options;
  if (catalog == CatalogAfterwards::compare && outcome.predicted.known && !outcome.predicted.error) {
    options.look = [&] { differences = differences_now(); };
  }
  outcome.measured = measurement_->measure(statements, options);
  catalog_.roll_back(mark);
  if (outcome.predicted.known) outcome.problems = disagreements(outcome.predicted, outcome.measured);
  if (outcome.problems.empty() && !differences.empty()) {
    outcome.problems = std::move(differences);
    outcome.about_catalog = true;
  }
  return outcome;
}

World& world() {
  static World shared;
  return shared;
}

}  // namespace martlet::testing
