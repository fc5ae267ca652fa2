#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

TEST(TransactionKind, RollbackTakesChangesBack) {
  ModelForTest model;
  model.run("CREATE TABLE kept (a int); BEGIN; CREATE TABLE gone (a int); SET timezone = 'Europe/Berlin'");
  EXPECT_NE(model.find("gone"), nullptr);
  EXPECT_EQ(model.effects_of("ROLLBACK"), "");
  EXPECT_EQ(model.find("gone"), nullptr);
  EXPECT_NE(model.find("kept"), nullptr);
  EXPECT_NE(model.session.time_zone, "Europe/Berlin");
  EXPECT_FALSE(model.session.in_transaction);
}

TEST(TransactionKind, ASavepointCanBeGoneBackToMoreThanOnce) {
  ModelForTest model;
  model.run("BEGIN; CREATE TABLE first (a int); SAVEPOINT s; CREATE TABLE second (a int)");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(model.effects_of("ROLLBACK TO s"), "");
    EXPECT_EQ(model.find("second"), nullptr);
    model.run("CREATE TABLE second (a int)");
  }
  EXPECT_NE(model.find("first"), nullptr);
  model.run("RELEASE s");
  EXPECT_EQ(model.effects_of("ROLLBACK TO s"), "ERR 3B001 savepoint \"s\" does not exist");
}

TEST(TransactionKind, ASavepointNeedsATransaction) {
  ModelForTest model;
  EXPECT_EQ(model.effects_of("SAVEPOINT s"), "ERR 25P01 SAVEPOINT can only be used in transaction blocks");
}

TEST(TransactionKind, WhatWasDoneBeforeTheFirstStatementIsNotKnown) {
  ModelForTest model;
  model.session.in_transaction = true;
  EXPECT_EQ(model.effects_of("ROLLBACK"), "not known: what is rolled back stays in the model");
}

}  // namespace
}  // namespace martlet
