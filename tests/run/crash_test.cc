// kill −9 of the program at every boundary and at random moments: the same command again must end where an undisturbed
// run ends, with nothing done twice.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

enum class Folder { transactional, all_in_one, statement_by_statement };

struct CrashCase {
  std::string_view folder_name() const {
    if (folder == Folder::all_in_one) return "AllInOne";
    return folder == Folder::transactional ? "Transactional" : "StatementByStatement";
  }

  Dialect dialect;
  Folder folder;
  std::string direction;
  std::vector<std::string> failpoints;
  int fewest_kills;  // boundaries that the run certainly passes

  std::string name() const {
    return std::string(dialect == Dialect::postgres ? "Postgres" : "Sqlite") + std::string(folder_name()) +
           (direction == "up" ? "Up" : "Down");
  }
};

void PrintTo(const CrashCase& crash, std::ostream* stream) {
  *stream << crash.name();
}

const std::vector<std::string> kTransactionBoundaries{"before-commit", "after-commit"};
const std::vector<std::string> kStepBoundaries{"before-ledger",          "after-ledger",
                                               "journal-before-started", "journal-after-started",
                                               "step-after-statement",   "journal-after-done"};

void write_transactional(const Project& project) {
  project.write("V001__log.sql",
                "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('up 1');\n"
                "-- martlet:down\nINSERT INTO log VALUES ('down 1');\n");
  project.write("V002__orders.sql",
                "CREATE TABLE orders (id integer, state text);\nINSERT INTO log VALUES ('up 2');\n"
                "CREATE INDEX orders_state ON orders (state);\n"
                "-- martlet:down\nDROP TABLE orders;\nINSERT INTO log VALUES ('down 2');\n");
  project.write("V003__view.sql",
                "CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'open';\n"
                "INSERT INTO log VALUES ('up 3');\n"
                "-- martlet:down\nDROP VIEW open_orders;\nINSERT INTO log VALUES ('down 3');\n");
}

void write_statement_by_statement(const Project& project, Dialect dialect) {
  const bool postgres = dialect == Dialect::postgres;
  const std::string concurrently = postgres ? "CONCURRENTLY " : "";
  project.write("V001__log.sql",
                "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('up 1');\n"
                "-- martlet:down\nINSERT INTO log VALUES ('down 1');\n");
  project.write("V002__orders.sql",
                "-- martlet:no-transaction\n"
                "CREATE TABLE orders (id integer, state text);\n"
                "INSERT INTO orders VALUES (1, 'open'), (2, 'sent');\n"
                "INSERT INTO log VALUES ('up 2 a');\n"
                "CREATE INDEX " +
                    concurrently + "orders_state ON orders (state);\n" + "INSERT INTO log VALUES ('up 2 b');\n" +
                    "CREATE INDEX orders_id ON orders (id);\n" + "DROP INDEX " + concurrently + "orders_id;\n" +
                    "VACUUM;\n" +
                    "INSERT INTO log VALUES ('up 2 c');\n"
                    "-- martlet:down\n-- martlet:no-transaction\n"
                    "INSERT INTO log VALUES ('down 2 a');\n"
                    "DROP INDEX " +
                    concurrently + "orders_state;\n" + "VACUUM;\n" +
                    "INSERT INTO log VALUES ('down 2 b');\n"
                    "DROP TABLE orders;\n");
}

std::vector<std::string> arguments_of(const CrashCase& crash) {
  if (crash.folder == Folder::all_in_one) return {"up", "--tx", "all"};
  if (crash.direction == "up") return {"up"};
  return {"down", "--all", "--yes"};
}

class Crash : public ::testing::TestWithParam<CrashCase> {
 protected:
  void SetUp() override {
    if (GetParam().folder == Folder::statement_by_statement) {
      write_statement_by_statement(project_, GetParam().dialect);
    } else {
      write_transactional(project_);
    }
  }

  FaultDatabase prepared() const {
    FaultDatabase database(GetParam().dialect);
    if (GetParam().direction == "down") {
      const Finished up = project_.run(database.url(), {"up"});
      EXPECT_EQ(up.exit_code, 0) << up;
    }
    return database;
  }

  Finished perform(const FaultDatabase& database, const Environment& environment = {}) const {
    return project_.run(database.url(), arguments_of(GetParam()), environment);
  }

  Project project_;
};

TEST_P(Crash, AtEveryBoundaryIsFinishedByTheSameCommand) {
  const FaultDatabase calm = prepared();
  const Finished calm_run = perform(calm);
  ASSERT_EQ(calm_run.exit_code, 0) << calm_run;
  const std::string undisturbed = end_state(calm.url());

  int kills = 0;
  for (const std::string& failpoint : GetParam().failpoints) {
    for (int pass = 1;; ++pass) {
      const std::string boundary = failpoint + ":" + std::to_string(pass);
      SCOPED_TRACE(boundary);
      const FaultDatabase database = prepared();
      const Finished killed = perform(database, {{"MARTLET_FAILPOINT", boundary}});
      if (killed.signal == 0) {
        ASSERT_EQ(killed.exit_code, 0) << killed;
        break;
      }
      ASSERT_EQ(killed.signal, SIGKILL) << killed;
      ++kills;
      const Finished again = perform(database);
      ASSERT_EQ(again.exit_code, 0) << again;
      ASSERT_EQ(end_state(database.url()), undisturbed);
      const Finished verified = project_.run(database.url(), {"verify"});
      ASSERT_EQ(verified.exit_code, 0) << verified;
    }
  }
  EXPECT_GE(kills, GetParam().fewest_kills);
}

INSTANTIATE_TEST_SUITE_P(
    EveryBoundary, Crash,
    ::testing::Values(
        CrashCase{Dialect::postgres, Folder::transactional, "up", kTransactionBoundaries, 6},
        CrashCase{Dialect::postgres, Folder::transactional, "down", kTransactionBoundaries, 6},
        CrashCase{Dialect::postgres, Folder::all_in_one, "up", kTransactionBoundaries, 2},
        CrashCase{Dialect::postgres, Folder::statement_by_statement, "up", kStepBoundaries, 2 + 3 * 4 + 6},
        CrashCase{Dialect::postgres, Folder::statement_by_statement, "down", kStepBoundaries, 2 + 2 * 4 + 3},
        CrashCase{Dialect::sqlite, Folder::transactional, "up", kTransactionBoundaries, 6},
        CrashCase{Dialect::sqlite, Folder::transactional, "down", kTransactionBoundaries, 6},
        CrashCase{Dialect::sqlite, Folder::all_in_one, "up", kTransactionBoundaries, 2},
        CrashCase{Dialect::sqlite, Folder::statement_by_statement, "up", kStepBoundaries, 2 + 4 + 8},
        CrashCase{Dialect::sqlite, Folder::statement_by_statement, "down", kStepBoundaries, 2 + 4 + 4}),
    [](const auto& parameter) { return parameter.param.name(); });

class RandomCrash : public ::testing::TestWithParam<Dialect> {};

void write_long_folder(const Project& project, Dialect dialect) {
  const std::string concurrently = dialect == Dialect::postgres ? "CONCURRENTLY " : "";
  project.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
  for (int i = 2; i <= 40; ++i) {
    const std::string table = "t" + std::to_string(i);
    std::string sql = i % 4 == 0 ? "-- martlet:no-transaction\n" : "";
    sql += "CREATE TABLE " + table + " (id integer, x text);\nINSERT INTO log VALUES ('" + std::to_string(i) + "');\n";
    sql += "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b');\n";
    sql += "CREATE INDEX " + (i % 4 == 0 ? concurrently : "") + table + "_x ON " + table + " (x);\n";
    if (i % 8 == 0) sql += "VACUUM;\nINSERT INTO log VALUES ('" + std::to_string(i) + " vacuumed');\n";
    project.write(fmt::format("V{:03}__{}.sql", i, table), sql);
  }
}

unsigned seed() {
  const char* given = std::getenv("MARTLET_TEST_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

TEST_P(RandomCrash, IsFinishedByTheSameCommandWheneverItHappens) {
  constexpr int kKills = 30;
  Project project;
  write_long_folder(project, GetParam());
  const FaultDatabase calm(GetParam());
  const auto begun = std::chrono::steady_clock::now();
  const Finished calm_run = project.run(calm.url(), {"up"});
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  ASSERT_EQ(calm_run.exit_code, 0) << calm_run;
  const std::string undisturbed = end_state(calm.url());

  const unsigned chosen = seed();
  std::cout << "MARTLET_TEST_SEED=" << chosen << "\n";
  SCOPED_TRACE("MARTLET_TEST_SEED=" + std::to_string(chosen));
  std::minstd_rand random(chosen);
  // Each run goes on where the one before it was killed, so short lives reach every part of the folder.
  std::uniform_int_distribution<long> moment(0, whole.count() / 3);
  for (int kills = 0; kills < kKills;) {
    const FaultDatabase database(GetParam());
    for (bool done = false; !done;) {
      Process process = project.start(database.url(), {"up"});
      if (kills < kKills) {
        std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
        process.signal(SIGKILL);
      }
      const Finished finished = process.wait();
      if (finished.signal == SIGKILL) {
        ++kills;
        continue;
      }
      ASSERT_EQ(finished.exit_code, 0) << "after " << kills << " kills: " << finished;
      done = true;
    }
    ASSERT_EQ(end_state(database.url()), undisturbed) << "after " << kills << " kills";
    const Finished verified = project.run(database.url(), {"verify"});
    ASSERT_EQ(verified.exit_code, 0) << verified;
  }
}

INSTANTIATE_TEST_SUITE_P(BothKinds, RandomCrash, ::testing::Values(Dialect::postgres, Dialect::sqlite),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace martlet::testing
