#include "effects/transactional.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

using Kind = NonTransactional;

Transactionality of(const std::string& sql, Dialect dialect = Dialect::postgres) {
  return transactionality({sql, {}, "", false}, dialect);
}

struct Case {
  std::string sql;
  Kind kind;
  std::string object = {};
  std::string table = {};
};

void expect(const std::vector<Case>& cases, Dialect dialect = Dialect::postgres) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.sql);
    Transactionality result = of(one.sql, dialect);
    EXPECT_EQ(result.kind, one.kind);
    EXPECT_EQ(result.object, one.object);
    EXPECT_EQ(result.table, one.table);
    EXPECT_EQ(result.reason.empty(), one.kind == Kind::none);
  }
}

TEST(Transactionality, ConcurrentIndexes) {
  expect({
      {"create index concurrently i on t (a)", Kind::create_index_concurrently, "i", "t"},
      {"CREATE UNIQUE INDEX /* x */ CONCURRENTLY IF NOT EXISTS \"I x\" ON ONLY public.t USING btree (a)",
       Kind::create_index_concurrently, "\"I x\"", "public.t"},
      {"create index concurrently on s.\"T\" (a)", Kind::create_index_concurrently, "", "s.\"T\""},
      {"create index concurrently on on t (a)", Kind::create_index_concurrently, "", "on"},
      {"create index i on t (a)", Kind::none},
      {"drop index concurrently i", Kind::drop_index_concurrently, "i"},
      {"drop index concurrently if exists s . i cascade", Kind::drop_index_concurrently, "s.i"},
      {"drop index i", Kind::none},
  });
}

TEST(Transactionality, Reindex) {
  expect({
      {"reindex index concurrently s.i", Kind::reindex_concurrently, "s.i"},
      {"reindex (verbose, concurrently) table t", Kind::reindex_concurrently, "", "t"},
      {"reindex (concurrently true, tablespace x) index i", Kind::reindex_concurrently, "i"},
      {"reindex (concurrently off) table t", Kind::none},
      {"reindex table t", Kind::none},
      {"reindex (verbose) index i", Kind::none},
      {"reindex schema s", Kind::repeatable},
      {"reindex database concurrently d", Kind::reindex_concurrently},
      {"reindex system d", Kind::repeatable},
  });
}

TEST(Transactionality, Partitions) {
  expect({
      {"alter table if exists only s.t detach partition s.p concurrently", Kind::detach_partition_concurrently, "s.p",
       "s.t"},
      {"alter table t detach partition p", Kind::none},
      {"alter table t detach partition p finalize", Kind::none},
      {"alter table t attach partition p default", Kind::none},
  });
}

TEST(Transactionality, Subscriptions) {
  const std::string create = "create subscription s connection 'c' publication p";
  expect({
      {create, Kind::once, "s"},
      {create + " with (enabled = true)", Kind::once, "s"},
      {create + " with (create_slot = false)", Kind::none},
      {create + " with (enabled = false, connect = 'off')", Kind::none},
      {create + " with (create_slot = true, slot_name = 'x')", Kind::once, "s"},
      {"drop subscription if exists s", Kind::once, "s"},
      {"alter subscription s refresh publication", Kind::repeatable, "s"},
      {"alter subscription s set publication p", Kind::repeatable, "s"},
      {"alter subscription s add publication p", Kind::once, "s"},
      {"alter subscription s drop publication p with (refresh = false)", Kind::none},
      {"alter subscription s disable", Kind::none},
  });
}

TEST(Transactionality, TheRestOfPostgres) {
  expect({
      {"vacuum", Kind::repeatable},
      {"vacuum (analyze) t", Kind::repeatable},
      {"analyze t", Kind::none},
      {"cluster", Kind::repeatable},
      {"cluster (verbose)", Kind::repeatable},
      {"cluster verbose t using i", Kind::none},
      {"create database d", Kind::once, "d"},
      {"drop database if exists d", Kind::once, "d"},
      {"alter database d set tablespace t", Kind::repeatable, "d"},
      {"alter database d set search_path = x", Kind::none},
      {"create tablespace t location '/x'", Kind::once, "t"},
      {"drop tablespace t", Kind::once, "t"},
      {"alter system set work_mem = '1MB'", Kind::repeatable},
      {"discard all", Kind::repeatable},
      {"discard plans", Kind::none},
      {"commit prepared 'x'", Kind::once},
      {"rollback prepared 'x'", Kind::once},
      {"refresh materialized view concurrently m", Kind::none},
      {"alter type e add value 'x'", Kind::none},
      {"select 'vacuum'", Kind::none},
      {"", Kind::none},
  });
}

TEST(Transactionality, Sqlite) {
  expect(
      {
          {"VACUUM", Kind::repeatable},
          {"vacuum main into 'x'", Kind::once},
          {"vacuum into 'x'", Kind::once},
          {"detach database x", Kind::repeatable, "x"},
          {"attach 'x' as x", Kind::none},
          {"pragma wal_checkpoint", Kind::repeatable, "wal_checkpoint"},
          {"pragma foreign_keys = off", Kind::repeatable, "foreign_keys"},
          {"pragma main.journal_mode(wal)", Kind::repeatable, "journal_mode"},
          {"pragma foreign_keys", Kind::none},
          {"pragma defer_foreign_keys = on", Kind::none},
          {"pragma user_version = 3", Kind::none},
          {"reindex t", Kind::none},
          {"create index concurrently on t (a)", Kind::none},
      },
      Dialect::sqlite);
}

}  // namespace
}  // namespace martlet
