#include "tests/effects/world.h"

#include <fmt/format.h>

#include <sstream>

#include "base/files.h"
#include "base/text.h"
#include "effects/agreement.h"
#include "effects/execute.h"
#include "effects/measure.h"
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
  outcome.measured = measure(*connection_, statements);
  catalog_.roll_back(mark);
  if (outcome.predicted.known) outcome.problems = disagreements(outcome.predicted, outcome.measured);
  return outcome;
}

World& world() {
  static World shared;
  return shared;
}

std::vector<EffectCase> read_cases(const std::filesystem::path& file) {
  std::vector<EffectCase> cases;
  std::istringstream lines(read_file(kFolder / file));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view sql = trim(std::string_view(line).substr(0, line.find('\t')));
    if (sql.empty() || sql.starts_with('#')) continue;
    cases.push_back({std::string(sql), fmt::format("{}:{}", file.filename().string(), number)});
  }
  return cases;
}

}  // namespace martlet::testing
