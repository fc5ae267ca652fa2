// A database with every situation, and the model of it: a case is run on both.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "effects/effects.h"
#include "effects/measure.h"
#include "effects/session_state.h"
#include "schema/catalog.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"

namespace martlet::testing {

/// Statements on one line, and where it stands.
struct EffectCase {
  std::string sql;
  std::string place;
};

struct Outcome {
  EffectCase of;
  Effects predicted, measured;
  std::vector<std::string> problems;  // empty = the model was right
  bool about_catalog = false;         // effects were right, the catalog afterwards was not
};

class World {
 public:
  World();

  /// Predicts, then does it on the server in a transaction that is rolled back, and compares. Reading a catalog takes
  /// much longer than running a statement, so that not every case can have it compared, too.
  enum class CatalogAfterwards { ignore, compare };
  Outcome run(const EffectCase& of, CatalogAfterwards catalog);

 private:
  Effects predict(const std::vector<Statement>& statements);
  std::vector<std::string> differences_now();

  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Measurement> measurement_;
  Catalog catalog_;
  SessionState session_;
};

/// The one that all tests of this program share.
World& world();

}  // namespace martlet::testing
