// preflight, history --changelog, grant-script and maintain, as they are typed.
#include <gmock/gmock.h>

#include <filesystem>

#include "history/lease.h"
#include "tests/safeguards/project.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Commands : public ::testing::Test {
 protected:
  Commands() {
    project.configure("");
    project.write("migrations/V001__first.sql",
                  "-- Purpose: a table\nCREATE TABLE a (id bigint PRIMARY KEY);\n-- martlet:down\nDROP TABLE a;\n");
  }
  nlohmann::json item(const std::vector<std::string>& words, const std::string& id) {
    std::vector<std::string> asked{"preflight", "--json"};
    asked.insert(asked.end(), words.begin(), words.end());
    const Finished finished = project.type(asked);
    preflight_code = finished.exit_code;
    const auto answer = nlohmann::json::parse(finished.out);
    for (const auto& each : answer.at("items")) {
      if (each.at("id") == id) return each;
    }
    throw std::runtime_error("preflight has no item " + id + ": " + finished.out);
  }
  std::string state(const std::string& id, const std::vector<std::string>& words = {}) {
    return item(words, id).at("state");
  }

  Project project;
  int preflight_code = -1;
};

TEST_F(Commands, PreflightAnswersEachItemWithWhy) {
  EXPECT_EQ(state("validated"), "pass");
  EXPECT_EQ(preflight_code, 9);
  EXPECT_EQ(state("dry_run"), "pass");
  EXPECT_EQ(state("rollback_present"), "pass");
  EXPECT_EQ(item({}, "rollback_tested").at("why"), "not of V001");
  EXPECT_EQ(state("zero_downtime"), "pass");
  EXPECT_EQ(state("staging"), "unknown");
  EXPECT_EQ(state("backup"), "fail");
  EXPECT_EQ(state("alerts"), "fail");
  EXPECT_EQ(state("documented"), "pass");
  EXPECT_EQ(state("integrity"), "pass");
}

TEST_F(Commands, PreflightKnowsWhoIsTold) {
  const std::string sink = "[[sink]]\nname = \"log\"\nkind = \"file\"\npath = \"alerts.log\"\n";
  project.configure(sink);
  EXPECT_EQ(state("alerts"), "pass");
  EXPECT_EQ(state("team"), "unknown");
  project.configure(sink + "[[alert]]\non = [\"started\"]\n");
  EXPECT_EQ(state("alerts"), "fail");  // where there is a rule, only what rules say is told
  EXPECT_EQ(item({}, "team").at("why"), "by an [[alert]] on started");
}

TEST_F(Commands, PreflightSeesWhatIsMissing) {
  project.write("migrations/V002__no_down.sql", "CREATE INDEX a_index ON a (id)\n");
  EXPECT_EQ(item({}, "rollback_present").at("why"), "no down: V002");
  EXPECT_EQ(item({}, "documented").at("why"), "no Purpose in the header of V002");
  project.write("migrations/V002__no_down.sql", "CREATE TALBE b ();\n");
  EXPECT_EQ(state("validated"), "fail");
  project.write("migrations/V002__no_down.sql", "-- martlet:allow nothing\nSELECT 1;\n");  // cannot even be read
  EXPECT_EQ(state("validated"), "fail");
}

TEST_F(Commands, PreflightIsReadyOnceEverythingIsThere) {
  project.configure(
      "[backup]\nbefore = \"always\"\n[hooks]\nbefore = \"true\"\non_failure = \"true\"\n[rollback]\n"
      "on = \"failure\"\n[[gate]]\nname = \"blocked_sessions\"\nwhen = [\"before\", \"during\"]\n");
  ASSERT_EQ(project.type({"backup"}).exit_code, 0);
  ASSERT_EQ(project.type({"backups", "verify", "latest", "--level", "restore"}).exit_code, 0);
  const Finished tested = project.type({"test", "--record"});
  ASSERT_EQ(tested.exit_code, 0) << tested;
  const Finished ready = project.type({"preflight"});
  EXPECT_EQ(ready.exit_code, 0) << ready;
  EXPECT_THAT(ready.out, HasSubstr(" 0 fail, "));
  EXPECT_THAT(ready.out, HasSubstr("pass     the rollback was tested"));
  EXPECT_EQ(project.type({"preflight", "--strict"}).exit_code, 9);  // staging is not known
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  EXPECT_EQ(state("integrity_after", {"--after"}), "pass");
  EXPECT_EQ(state("backup_taken", {"--after"}), "pass");
  EXPECT_EQ(item({"--after"}, "rollback_plan").at("why"), "`martlet down 1`");
  EXPECT_EQ(state("application", {"--after"}), "unknown");
}

TEST_F(Commands, PreflightWithoutADatabaseKnowsWhatItCan) {
  project.configure("[environments.gone]\nurl = \"postgresql://127.0.0.1:1/nowhere\"\n");
  EXPECT_EQ(state("rollback_present", {"--env", "gone"}), "unknown");
  EXPECT_EQ(state("alerts", {"--env", "gone"}), "fail");
  EXPECT_EQ(preflight_code, 9);
}

TEST_F(Commands, PreflightChangesNothing) {
  project.type({"preflight"});
  EXPECT_EQ(project.database.value("SELECT to_regnamespace('martlet') IS NULL"), "t");
}

TEST_F(Commands, ChangeLogTellsWhatWasDeployedAndWhatWentWrong) {
  ASSERT_EQ(project.type({"up", "--ticket", "SHOP-7"}).exit_code, 0);
  project.write("migrations/V002__bad.sql", "SELECT 'a|b'::int;\n-- martlet:down\nSELECT 1;\n");
  EXPECT_EQ(project.type({"up"}).exit_code, 1);
  const std::string text = project.type({"history", "--changelog"}).out;
  EXPECT_THAT(text, HasSubstr("# Change log\n\n| migration | what | deployed (UTC) | version before → after |"));
  EXPECT_THAT(text, HasSubstr("| 001 first | applied | 2"));
  EXPECT_THAT(text, HasSubstr("| base → V001 | tester | SHOP-7 | "));
  EXPECT_THAT(text, HasSubstr("| 002 | failed | "));
  EXPECT_THAT(text, HasSubstr("\"a\\|b\""));  // it does not end the cell
  EXPECT_THAT(text, Not(HasSubstr("CREATE TABLE")));
  const auto json = nlohmann::json::parse(project.type({"history", "--changelog", "--json"}).out);
  EXPECT_EQ(json.at("changelog").size(), 2U);
  EXPECT_EQ(json.at("changelog")[0].at("what"), "failed");
}

TEST_F(Commands, ChangeLogNamesTheBackup) {
  project.configure("[backup]\nbefore = \"always\"\n");
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  EXPECT_THAT(project.type({"history", "--changelog"}).out, HasSubstr("| db_backup_full_"));
}

TEST_F(Commands, ChangeLogOfNothingIsAnEmptyTable) {
  EXPECT_THAT(project.type({"history", "--changelog"}).out, HasSubstr("|---|"));
}

// --- grant-script

class GrantScript : public Commands {
 protected:
  GrantScript() {
    project.database.query("ALTER SCHEMA public OWNER TO " + owner.name());
    for (const std::string& sql :
         {"CREATE TABLE of_owner (id int); INSERT INTO of_owner VALUES (1)", "CREATE VIEW seen AS SELECT 1 AS one",
          "CREATE SEQUENCE numbers", "CREATE TYPE mood AS ENUM ('fine')",
          "CREATE FUNCTION safe() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE FUNCTION risky() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"}) {
      run_script(project.database.url_as(owner.name()).text(), sql);
    }
    project.database.query("CREATE SCHEMA private");
    project.database.query("CREATE TABLE private.secret (id int)");
  }
  static Finished run_script(const std::string& url, const std::string& sql) {
    return run({{"psql", url, "-qX", "-v", "ON_ERROR_STOP=1"}, {}, {}, sql});
  }
  void make_role() {
    const Finished printed = project.type({"grant-script", migrator.name()});
    ASSERT_EQ(printed.exit_code, 0) << printed;
    script = printed.out;
    const Finished applied = run_script(project.database.text(), script);
    ASSERT_EQ(applied.exit_code, 0) << applied << script;
  }
  Finished as_migrator(std::vector<std::string> words) {
    return run(martlet_command(std::move(words),
                               {{"TEST_URL", project.database.url_as(migrator.name()).text()}, {"MARTLET_ACTOR", "m"}},
                               project.folder()));
  }
  std::string denied(const std::string& sql) {
    const Finished finished = run_script(project.database.url_as(migrator.name()).text(), sql);
    return finished.exit_code == 0 ? "allowed" : finished.err;
  }

  TestRole owner{project.database};
  TestRole migrator{project.database};
  std::string script;
};

TEST_F(GrantScript, MakesARoleThatMigratesWhatOthersOwned) {
  project.write("migrations/V002__alter.sql",
                "ALTER TABLE of_owner ADD COLUMN note text;\nALTER TYPE mood ADD VALUE 'sad';\n"
                "CREATE OR REPLACE VIEW seen AS SELECT 1 AS one, 2 AS two;\n"
                "ALTER SEQUENCE numbers RESTART 7;\nUPDATE of_owner SET note = 'x';\n-- martlet:down\n"
                "SELECT 1;\n");
  EXPECT_NE(as_migrator({"up"}).exit_code, 0);
  make_role();
  const Finished up = as_migrator({"up"});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_EQ(as_migrator({"down"}).exit_code, 0);
  const Finished doctor = as_migrator({"doctor"});
  EXPECT_EQ(doctor.exit_code, 0) << doctor;
  EXPECT_THAT(doctor.out, HasSubstr("ok       least-privilege"));
  EXPECT_THAT(doctor.out, HasSubstr("ok       privileges"));
}

TEST_F(GrantScript, MakesARoleThatCanDoNoMore) {
  make_role();
  EXPECT_THAT(denied("CREATE DATABASE another"), HasSubstr("permission denied"));
  EXPECT_THAT(denied("CREATE ROLE another"), HasSubstr("permission denied"));
  EXPECT_THAT(denied("CREATE SCHEMA another"), HasSubstr("permission denied"));
  EXPECT_THAT(denied("SELECT * FROM private.secret"), HasSubstr("permission denied"));
  EXPECT_THAT(denied("DROP SCHEMA private CASCADE"), HasSubstr("must be owner"));
  EXPECT_THAT(denied("COPY (SELECT 1) TO '/tmp/martlet-test-never'"), HasSubstr("must be superuser"));
  EXPECT_THAT(denied("DROP FUNCTION risky()"), HasSubstr("must be owner"));
  EXPECT_THAT(denied("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"),
              HasSubstr("superuser"));
}

TEST_F(GrantScript, LeavesTheApplicationItsTables) {
  make_role();
  ASSERT_EQ(as_migrator({"up"}).exit_code, 0);
  const std::string application = project.database.url_as(owner.name()).text();
  const Finished old_table = run_script(application, "INSERT INTO of_owner VALUES (2); SELECT nextval('numbers')");
  EXPECT_EQ(old_table.exit_code, 0) << old_table;
  const Finished new_table = run_script(application, "INSERT INTO a VALUES (1); DELETE FROM a");
  EXPECT_EQ(new_table.exit_code, 0) << new_table;
}

TEST_F(GrantScript, CanBeRunAgainAndLeavesWhatRunsWithItsOwnersRights) {
  make_role();
  EXPECT_THAT(script, HasSubstr("risky() runs with its owner's rights"));
  EXPECT_EQ(run_script(project.database.text(), script).exit_code, 0);
  EXPECT_THAT(project.type({"grant-script", migrator.name()}).out, Not(HasSubstr("of_owner")));
}

TEST_F(GrantScript, ChangesNothingItself) {
  const std::string before = project.ask("SELECT rolname FROM pg_roles ORDER BY 1");
  EXPECT_EQ(project.type({"grant-script", "an odd \"role\"'s name"}).exit_code, 0);
  EXPECT_EQ(project.ask("SELECT rolname FROM pg_roles ORDER BY 1"), before);
}

TEST_F(GrantScript, IsNothingForSqlite) {
  EXPECT_THAT(project.type({"grant-script", "--url", "sqlite:x.db"}).err, HasSubstr("SQLite has no roles"));
}

TEST_F(Commands, DoctorSaysThatASuperuserMayDoMoreThanItNeeds) {
  EXPECT_THAT(project.type({"doctor"}).out, HasSubstr("may do more than migrations need: SUPERUSER"));
}

// --- maintain

TEST_F(Commands, MaintainIsQuietWhereNothingIsToBeDone) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  project.database.query("VACUUM (ANALYZE)");
  const std::string before = project.events();
  for (int i = 0; i < 2; ++i) {
    const Finished finished = project.type({"maintain"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    EXPECT_EQ(finished.out + finished.err, "");
  }
  EXPECT_EQ(project.events(), before);
}

TEST_F(Commands, MaintainBeforeTheFirstRunDoesNothing) {
  const Finished finished = project.type({"maintain"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(project.database.value("SELECT to_regnamespace('martlet') IS NULL"), "t");
}

TEST_F(Commands, MaintainExpiresBackupsVacuumsAndRecordsIt) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(project.type({"backup"}).exit_code, 0);
  project.database.query("UPDATE martlet.schema_migrations SET name = name || i FROM generate_series(1, 1) i");
  project.database.query(
      "INSERT INTO martlet.journal SELECT 'x', 'up', i, 'done', '', '', '', 0, now() FROM "
      "generate_series(1, 100) i");
  project.database.query("DELETE FROM martlet.journal");
  ASSERT_TRUE(eventually([&] {
    return project.database.value(
               "SELECT n_dead_tup >= 100 FROM pg_stat_user_tables WHERE schemaname = 'martlet' AND "
               "relname = 'journal'") == "t";
  }));
  project.configure("[backup]\nretention = \"keep last 1; min 1\"\n");
  const Finished finished = project.type({"maintain"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("vacuumed martlet.journal"));
  EXPECT_THAT(finished.out, HasSubstr("expired backup db_backup_full_"));
  EXPECT_EQ(nlohmann::json::parse(project.type({"backups", "--json"}).out).at("backups").size(), 1U);
  EXPECT_THAT(project.details("maintained"), HasSubstr("vacuumed martlet.journal"));
  project.expect_audit_verifies();
}

TEST_F(Commands, MaintainFindsWhatIsNotSound) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  project.write("migrations/V001__first.sql", "CREATE TABLE other (id int);\n");
  const Finished finished = project.type({"maintain"});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.out, HasSubstr("problem: "));
}

TEST_F(Commands, MaintainLeavesWhereARunIsAtWork) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  const auto session = project.database.connect();
  const HistoryNames names = HistoryNames::make({}, Dialect::postgres);
  const Lease lease = Lease::acquire(*session, names, Identity::detect("somebody", ""), {});
  const Finished finished = project.type({"maintain"});
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_THAT(finished.err, HasSubstr("somebody"));
}

TEST_F(Commands, TwoMaintainsAtTheSameTimeDoTheWorkOnce) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(project.type({"backup"}).exit_code, 0);
  project.configure("[backup]\nretention = \"keep last 1; min 1\"\n");
  Process first(project.command({"maintain", "--wait-lease", "60s"}));
  Process second(project.command({"maintain", "--wait-lease", "60s"}));
  const Finished one = first.wait(), two = second.wait();
  EXPECT_EQ(one.exit_code, 0) << one;
  EXPECT_EQ(two.exit_code, 0) << two;
  EXPECT_EQ(project.ask("SELECT count(*) FROM martlet.audit WHERE event = 'maintained' AND detail LIKE '%expired%'"),
            "1\n");
  project.expect_audit_verifies();
}

}  // namespace
}  // namespace martlet::testing
