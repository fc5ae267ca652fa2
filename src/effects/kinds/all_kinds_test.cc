#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// Every …Stmt of the parser's nodes is executed by some kind, if only to say that its effects are not known.
TEST(StatementKinds, CoverTheGrammar) {
  std::set<int> registered;
  for (const StatementKind* each : Registry<StatementKind>::all()) {
    EXPECT_TRUE(registered.insert(each->node).second) << each->id;
    for (const PgQuery__Node__NodeCase also : each->also) EXPECT_TRUE(registered.insert(also).second) << each->id;
  }
  std::size_t statements = 0;
  for (unsigned i = 0; i < pg_query__node__descriptor.n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = pg_query__node__descriptor.fields[i];
    if (!std::string_view(field.name).ends_with("_stmt")) continue;
    ++statements;
    EXPECT_TRUE(registered.contains(static_cast<int>(field.id))) << field.name;
  }
  EXPECT_GT(statements, 110U);
}

}  // namespace
}  // namespace martlet
