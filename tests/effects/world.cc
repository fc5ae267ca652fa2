#include "tests/effects/world.h"

#include <filesystem>

#include "base/files.h"
#include "effects/agreement.h"
#include "effects/execute.h"
#include "sql/tree.h"

namespace martlet::testing {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/effects";

void run_file(Connection& connection, const std::filesystem::path& file) {
  const SourceText text{read_file(file), file.filename().string(), 1};
  for (const Statement& statement : split(text, Dialect::postgres)) connection.execute(statement.text);
}

}  // namespace

World::World() : database_(cluster(), "effects"), connection_(database_.connect()) {
  connection_->execute("SET client_min_messages = error");
  connection_->execute("SET TimeZone = 'Etc/UTC'");
  for (const char* setup : {"setup.sql", "setup2.sql"}) {
    if (exists(kFolder / setup)) run_file(*connection_, kFolder / setup);
  }
  measurement_ = std::make_unique<Measurement>(*connection_);
  catalog_ = read_catalog(*connection_);
  catalog_.record();
  session_ = read_session_state(*connection_);
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

Outcome World::run(const EffectCase& of) {
  const std::vector<Statement> statements = split({of.sql, of.place, 1}, Dialect::postgres);
  const CatalogMark mark = catalog_.mark();
  Outcome outcome{.of = of};
  outcome.predicted = predict(statements);
  outcome.measured = measurement_->measure(statements);
  catalog_.roll_back(mark);
  if (outcome.predicted.known) outcome.problems = disagreements(outcome.predicted, outcome.measured);
  return outcome;
}

World& world() {
  static World shared;
  return shared;
}

}  // namespace martlet::testing
