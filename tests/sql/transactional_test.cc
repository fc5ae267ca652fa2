// What transactionality() says, against the servers themselves.
#include "effects/transactional.h"

#include <gtest/gtest.h>

#include "tests/support/cluster.h"
#include "tests/support/folder.h"

namespace martlet::testing {
namespace {

/// A subscription holds its database until it is gone, so it is dropped by hand.
class Subscription {
 public:
  explicit Subscription(Connection& connection) : connection_(connection) {
    connection.execute("create subscription s connection 'host=/nowhere' publication p, r with (connect = false)");
    connection.execute("alter subscription s enable");
  }
  ~Subscription() {
    connection_.execute("alter subscription s disable");
    connection_.execute("alter subscription s set (slot_name = none)");
    connection_.execute("drop subscription s");
  }

 private:
  Connection& connection_;
};

const char* const objects[] = {
    "create schema app",
    "create table app.t (id int primary key, a int)",
    "create index i on app.t (a)",
    "create table parent (id int) partition by list (id)",
    "create table part partition of parent for values in (1)",
    "create materialized view m as select 1 as a",
    "create unique index on m (a)",
    "create type e as enum ('a')",
};

const char* const postgres_statements[] = {
    "create index concurrently on app.t (a)",
    "create unique index concurrently if not exists j on only app.t (a)",
    "create index j on app.t (a)",
    "drop index concurrently app.i",
    "drop index concurrently if exists app.nothing",
    "drop index app.i",
    "reindex table concurrently app.t",
    "reindex (concurrently) index app.i",
    "reindex (concurrently off) index app.i",
    "reindex (verbose, concurrently true) table app.t",
    "reindex schema concurrently app",
    "reindex schema app",
    "reindex (verbose) schema app",
    "reindex table app.t",
    "reindex index app.i",
    "alter table parent detach partition part concurrently",
    "alter table parent detach partition part finalize",
    "alter table parent detach partition part",
    "vacuum",
    "vacuum (analyze) app.t",
    "analyze app.t",
    "cluster",
    "cluster verbose",
    "cluster app.t using i",
    "create database other",
    "drop database if exists other",
    "alter database postgres set tablespace pg_default",
    "alter database postgres set work_mem = '4MB'",
    "create tablespace x location '/nowhere'",
    "drop tablespace x",
    "alter system set work_mem = '4MB'",
    "create subscription s2 connection 'host=/nowhere' publication p",
    "create subscription s2 connection 'host=/nowhere' publication p with (enabled = false)",
    "create subscription s2 connection 'host=/nowhere' publication p with (connect = false)",
    "create subscription s2 connection 'host=/nowhere' publication p with (create_slot = off)",
    "drop subscription s",
    "alter subscription s refresh publication",
    "alter subscription s set publication q",
    "alter subscription s set publication q with (refresh = false)",
    "alter subscription s add publication q",
    "alter subscription s drop publication p",
    "alter subscription s disable",
    "discard all",
    "discard plans",
    "discard temp",
    "commit prepared 'x'",
    "rollback prepared 'x'",
    "refresh materialized view concurrently m",
    "alter type e add value 'b'",
    "checkpoint",
    "truncate app.t",
    "lock table app.t",
    "notify x",
    "drop owned by current_user",
};

std::string sqlstate_in_transaction(Connection& connection, const std::string& sql) {
  connection.execute("begin");
  std::string code;
  try {
    connection.execute(sql);
  } catch (const Error& error) {
    code = error.sqlstate;
  }
  connection.rollback();
  return code;
}

TEST(Transactionality, AgreesWithPostgres) {
  TestDatabase database = fresh_database();
  auto connection = database.connect();
  for (const char* sql : objects) connection->execute(sql);
  Subscription subscription(*connection);
  for (const char* sql : postgres_statements) {
    bool refused = sqlstate_in_transaction(*connection, sql) == "25001";
    EXPECT_EQ(transactionality({sql, {}, "", false}, Dialect::postgres).transactional(), !refused) << sql;
  }
}

TEST(Transactionality, AgreesWithPostgresOnItsOwnDatabase) {
  TestDatabase database = fresh_database();
  auto connection = database.connect();
  std::string name = quote_identifier(database.name());
  for (const std::string& sql : {"reindex database " + name, "reindex system " + name,
                                 "reindex database concurrently " + name, "reindex (concurrently) database " + name}) {
    EXPECT_EQ(sqlstate_in_transaction(*connection, sql), "25001") << sql;
    EXPECT_FALSE(transactionality({sql, {}, "", false}, Dialect::postgres).transactional()) << sql;
  }
}

struct SqliteCase {
  const char* sql;
  const char* probe;  // what the statement should change; "" = an error tells
};

const SqliteCase sqlite_cases[] = {
    {"vacuum", ""},
    {"vacuum into 'never-written.db'", ""},
    {"attach ':memory:' as another", ""},
    {"detach extra", ""},
    {"analyze", ""},
    {"reindex", ""},
    {"pragma wal_checkpoint", ""},
    {"pragma journal_mode = memory", "pragma journal_mode"},
    {"pragma synchronous = off", "pragma synchronous"},
    {"pragma recursive_triggers = on", "pragma recursive_triggers"},
    {"pragma legacy_alter_table = on", "pragma legacy_alter_table"},
    {"pragma writable_schema = on", "pragma writable_schema"},
    {"pragma defer_foreign_keys = on", "pragma defer_foreign_keys"},
    {"pragma user_version = 7", "pragma user_version"},
    {"pragma application_id = 7", "pragma application_id"},
};

std::string probe(Connection& connection, std::string_view sql) {
  return sql.empty() ? "" : connection.execute(sql).rows.at(0).at(0).value_or("");
}

/// Whether the statement does in a transaction what it says.
bool works_in_transaction(Connection& connection, const SqliteCase& one) {
  connection.execute("begin immediate");
  connection.execute("insert into t values (1)");
  std::string before = probe(connection, one.probe);
  bool works = true;
  try {
    connection.execute(one.sql);
    works = one.probe[0] == '\0' || probe(connection, one.probe) != before;
  } catch (const Error&) {
    works = false;
  }
  connection.rollback();
  return works;
}

TEST(Transactionality, AgreesWithSqlite) {
  for (const SqliteCase& one : sqlite_cases) {
    TemporaryFolder folder;
    OpenOptions create;
    create.missing = OpenOptions::Missing::create;
    auto connection = open_connection(Url::parse("sqlite:" + (folder.path() / "x.db").string()), create);
    connection->execute("create table t (a)");
    connection->execute("attach ':memory:' as extra");
    EXPECT_EQ(transactionality({one.sql, {}, "", false}, Dialect::sqlite).transactional(),
              works_in_transaction(*connection, one))
        << one.sql;
  }
}

TEST(Transactionality, KnowsThatSqliteIgnoresForeignKeysInATransaction) {
  auto connection = open_connection(Url::parse("sqlite::memory:"));
  std::string before = probe(*connection, "pragma foreign_keys");
  std::string sql = "pragma foreign_keys = " + std::string(before == "1" ? "off" : "on");
  connection->execute("begin");
  connection->execute(sql);
  EXPECT_EQ(probe(*connection, "pragma foreign_keys"), before);
  connection->rollback();
  EXPECT_FALSE(transactionality({sql, {}, "", false}, Dialect::sqlite).transactional());
}

}  // namespace
}  // namespace martlet::testing
