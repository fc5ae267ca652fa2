#include "run/lock_capacity.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

long locks(const char* sql) {
  Job job;
  job.script.statements.push_back({{.text = sql}, {}});
  return estimated_locks({&job, 1});
}

TEST(LockCapacity, CountsWhatATableBringsAlong) {
  EXPECT_EQ(locks("CREATE TABLE t (a int)"), 2);
  EXPECT_EQ(locks("CREATE TABLE t (a int, b text)"), 5);
  EXPECT_EQ(locks("create table t (a int PRIMARY KEY, b text UNIQUE)"), 11);
  EXPECT_EQ(locks("CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY, b int REFERENCES x)"), 8);
}

TEST(LockCapacity, OtherStatementsHoldFew) {
  EXPECT_EQ(locks("CREATE UNIQUE INDEX i ON t (a)"), 2);
  EXPECT_EQ(locks("INSERT INTO t VALUES (1)"), 1);
}

}  // namespace
}  // namespace martlet
