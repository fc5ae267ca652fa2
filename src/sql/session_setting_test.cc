#include "sql/session_setting.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(SetsSession, WhatOutlastsTheTransaction) {
  for (const char* sql :
       {"SET search_path = shop", "set\n  work_mem TO '1GB'", "SET SESSION work_mem = '1GB'", "SET TIME ZONE 'UTC'",
        "SET/* x */role shop", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "RESET ALL", "reset search_path",
        "SELECT set_config('search_path', '', false)", "SELECT pg_catalog.set_config('search_path', '', false)",
        "select\tset_config('a.b', coalesce((1 + 2)::text, 'true'), false) AS x"}) {
    EXPECT_TRUE(sets_session({sql, {}, "", false}, Dialect::postgres)) << sql;
  }
}

TEST(SetsSession, WhatDoesNot) {
  for (const char* sql :
       {"SET LOCAL work_mem = '1GB'", "SET CONSTRAINTS ALL DEFERRED", "SET TRANSACTION READ ONLY",
        "SELECT set_config('search_path', '', true)", "SELECT set_config('a', (SELECT 'b'), TRUE)", "SELECT 1",
        "SELECT set_configuration('a', 'b', false)", "SELECT set_config(", "SETTING", "", "UPDATE t SET a = 1"}) {
    EXPECT_FALSE(sets_session({sql, {}, "", false}, Dialect::postgres)) << sql;
  }
  EXPECT_FALSE(sets_session({"RESET ALL", {}, "", false}, Dialect::sqlite));
}

}  // namespace
}  // namespace martlet
