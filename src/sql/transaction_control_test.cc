#include <gtest/gtest.h>

#include "sql/statement.h"

namespace martlet {
namespace {

using Control = TransactionControl;

TEST(TransactionControlOf, FirstWordsDecide) {
  const std::pair<const char*, Control> cases[] = {
      {"begin", Control::begin},
      {"BEGIN /* x */ ISOLATION LEVEL SERIALIZABLE", Control::begin},
      {"begin immediate", Control::begin},
      {"start transaction read only", Control::begin},
      {"commit", Control::commit},
      {"commit and chain", Control::commit},
      {"end transaction", Control::commit},
      {"rollback", Control::rollback},
      {"abort", Control::rollback},
      {"rollback to a", Control::savepoint},
      {"rollback work to savepoint a", Control::savepoint},
      {"rollback transaction to a", Control::savepoint},
      {"savepoint a", Control::savepoint},
      {"release savepoint a", Control::savepoint},
      {"prepare transaction 'x'", Control::commit},
      {"prepare p as select 1", Control::none},
      {"commit prepared 'x'", Control::none},
      {"rollback prepared 'x'", Control::none},
      {"do $$ begin commit; end $$", Control::none},
      {"create function f() returns int begin atomic select 1; end", Control::none},
      {"select 'begin'", Control::none},
      {"\"begin\"", Control::none},
      {"set transaction read only", Control::none},
      {"", Control::none},
  };
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    for (const auto& [sql, expected] : cases) {
      EXPECT_EQ(transaction_control({sql, {}, "", false}, dialect), expected) << sql;
    }
  }
}

}  // namespace
}  // namespace martlet
