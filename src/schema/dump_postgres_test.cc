#include "schema/dump_postgres.h"

#include <gmock/gmock.h>

#include "schema/pg_dump.h"

namespace martlet {
namespace {

TEST(NormaliseDump, DropsWhatIsNotTheSchema) {
  const std::string dump = R"(--
-- PostgreSQL database dump
--

\restrict 8fQ

-- Dumped from database version 15.14
-- Dumped by pg_dump version 15.14

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $$
-- why
select 1 $$;

\unrestrict 8fQ
)";
  EXPECT_EQ(normalise_dump(dump),
            "CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    AS $$\n-- why\nselect 1 $$;\n");
}

TEST(ChoosePgDump, TakesTheServersVersionOrTheNextNewer) {
  const std::vector<PgDump> installed{{13, "/13"}, {15, "/15"}, {17, "/17"}};
  EXPECT_EQ(choose_pg_dump(installed, 15), "/15");
  EXPECT_EQ(choose_pg_dump(installed, 16), "/17");
  EXPECT_EQ(choose_pg_dump(installed, 12), "/13");
}

TEST(ChoosePgDump, SaysWhatIsMissing) {
  const auto message = [](const std::vector<PgDump>& installed) -> std::string {
    try {
      choose_pg_dump(installed, 18);
    } catch (const Error& error) {
      return error.message + "; " + error.next_step;
    }
    return "no error";
  };
  EXPECT_THAT(message({{15, "/15"}}), testing::HasSubstr("newest pg_dump here is of version 15, and the server is of "
                                                         "version 18; install postgresql-client-18"));
  EXPECT_THAT(message({}), testing::HasSubstr("pg_dump is not installed"));
}

}  // namespace
}  // namespace martlet
