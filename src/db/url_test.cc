#include "db/url.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "base/error.h"
#include "base/registry.h"
#include "db/connection.h"
#include "db/scheme.h"

namespace martlet {
namespace {

Error refusal(std::string_view text) {
  try {
    Url::parse(text);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << text << " was accepted";
  return {ErrorKind::usage, ""};
}

// The whole of what a person may see of an error.
std::string all_of(const Error& error) {
  return error.message + error.detail + error.hint + error.next_step;
}

// Sets a variable for a test, or unsets it.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Url, KnowsItsDriverAndDialect) {
  EXPECT_EQ(Url::parse("postgres://h/d").dialect(), Dialect::postgres);
  EXPECT_EQ(Url::parse("  postgresql://h/d\n").dialect(), Dialect::postgres);
  EXPECT_EQ(Url::parse("POSTGRES://h/d").scheme(), "postgres");
  EXPECT_EQ(Url::parse("sqlite:a.db").dialect(), Dialect::sqlite);
  EXPECT_TRUE(Url().empty());
}

TEST(Url, ItsSchemeTellsTheDialect) {
  EXPECT_EQ(dialect_of(" POSTGRES://h:no-port/d"), Dialect::postgres) << "what libpq reads is not looked at";
  EXPECT_EQ(dialect_of("sqlite:a.db"), Dialect::sqlite);
  EXPECT_THROW(dialect_of("mysql://h/d"), Error);
  EXPECT_THROW(dialect_of(""), Error);
}

TEST(Url, FindsTheSqliteFile) {
  EXPECT_EQ(Url::parse("sqlite:a.db").target(), "a.db");
  EXPECT_EQ(Url::parse("sqlite:dir/a b.db?foreign_keys=on").target(), "dir/a b.db");
  EXPECT_EQ(Url::parse("sqlite:/abs/a.db").target(), "/abs/a.db");
  EXPECT_EQ(Url::parse("sqlite:///abs/a.db").target(), "/abs/a.db");
  EXPECT_EQ(Url::parse("sqlite::memory:").target(), ":memory:");
  EXPECT_EQ(Url::parse("sqlite:dir/a.db?mode=ro").with_database("b.db").text(), "sqlite:dir/b.db?mode=ro");
  EXPECT_EQ(Url::parse("sqlite:///abs/a.db").with_database("b.db").target(), "/abs/b.db");
}

TEST(Url, RefusesSqliteUrlsItDoesNotUnderstand) {
  EXPECT_NE(refusal("sqlite:").message.find("names no file"), std::string::npos);
  EXPECT_NE(refusal("sqlite://host/a.db").message.find("names a host"), std::string::npos);
  EXPECT_NE(refusal("sqlite:a.db?foreign_key=on").next_step.find("foreign_keys"), std::string::npos);
  EXPECT_NE(refusal("sqlite:a.db?foreign_keys=maybe").next_step.find("on, off"), std::string::npos);
}

TEST(Url, RefusesOtherDatabasesByName) {
  for (const char* text : {"mysql://u:secret@h/d", "mariadb://u:secret@h/d", "mongodb://u:secret@h/d"}) {
    const Error error = refusal(text);
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_NE(error.message.find("PostgreSQL and SQLite only"), std::string::npos);
    EXPECT_EQ(all_of(error).find("secret"), std::string::npos);
  }
}

TEST(Url, NamesTheNearestScheme) {
  EXPECT_NE(refusal("postgre://h/d").next_step.find("postgres"), std::string::npos);
  EXPECT_NE(refusal("sqlit:a.db").next_step.find("sqlite"), std::string::npos);
}

TEST(Url, RefusesWhatIsNoUrl) {
  for (const char* text :
       {"", "  ", "app.db", "host=h password=secret", "host=h password = 'se\\'cret' dbname=d", "c:\\x"}) {
    const Error error = refusal(text);
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_EQ(all_of(error).find("cret"), std::string::npos) << all_of(error);
    EXPECT_NE(error.next_step.find("sqlite:path"), std::string::npos);
  }
}

TEST(Url, NeverEchoesAPassword) {
  for (const char* text : {"postgres://u:se%zzcret@h/d", "postgres://u:p@secret@h/d", "postgres://u:p/secret@h/d",
                           "postgres://u:secret@h:port/d?nonsense=1", "postgres://h/d?password=secret&nonsense=1",
                           "postgres://u:p?secret@h/d?nonsense=1"}) {
    const Error error = refusal(text);
    EXPECT_EQ(all_of(error).find("secret"), std::string::npos) << all_of(error);
    EXPECT_EQ(all_of(error).find("zzcret"), std::string::npos) << all_of(error);
  }
}

TEST(Url, IsShownWithoutPassword) {
  EXPECT_EQ(Url::parse("postgres://u:secret@h:1/d?sslmode=require").shown(), "postgres://u:***@h:1/d?sslmode=require");
  EXPECT_EQ(Url::parse("postgres://u@h/d?password=secret&sslmode=require").shown(),
            "postgres://u@h/d?password=***&sslmode=require");
  EXPECT_EQ(Url::parse("postgres://u@[::1]:5432/d").shown(), "postgres://u@[::1]:5432/d");
}

TEST(Url, ChangesTheDatabaseAndNothingElse) {
  EXPECT_EQ(Url::parse("postgres://u:p@h:1/d?sslmode=require").with_database("x y").text(),
            "postgres://u:p@h:1/x%20y?sslmode=require");
  EXPECT_EQ(Url::parse("postgres://a,b:2/d").with_database("x").text(), "postgres://a,b:2/x");
  EXPECT_EQ(Url::parse("postgres://?host=/tmp&dbname=d").with_database("x").text(), "postgres:///x?host=/tmp");
  EXPECT_EQ(Url::parse("postgres://").with_database("x").database(), "x");
  EXPECT_EQ(Url::parse("postgres://h/d").with_database("ü\"/?@").database(), "ü\"/?@");
}

TEST(Url, ResolvesTheDatabaseAsLibpqDoes) {
  const Variable no_database("PGDATABASE", nullptr);
  const Variable no_service("PGSERVICE", nullptr);
  EXPECT_EQ(Url::parse("postgres://u@h/d").database(), "d");
  EXPECT_EQ(Url::parse("postgres://u@h").database(), "u");
  const Variable database("PGDATABASE", "from_environment");
  EXPECT_EQ(Url::parse("postgres://").database(), "from_environment");
  EXPECT_EQ(Url::parse("postgres://h/d").database(), "d");
}

TEST(Url, EveryLibpqOptionIsAccepted) {
  EXPECT_NO_THROW(
      Url::parse("postgres://h/d?sslmode=verify-full&sslrootcert=/x&target_session_attrs=read-write"
                 "&application_name=a&connect_timeout=3&options=-c%20search_path%3Dx&keepalives_idle=5"));
  EXPECT_NE(refusal("postgres://h/d?ssl_mode=require").message.find("ssl_mode"), std::string::npos);
}

TEST(Drivers, EachHasSchemesAndAnExampleThatParses) {
  ASSERT_EQ(Registry<Driver>::all().size(), 2U);
  for (const Driver* driver : Registry<Driver>::all()) {
    EXPECT_FALSE(driver->schemes.empty());
    EXPECT_EQ(Url::parse(driver->example).dialect(), driver->dialect);
  }
}

}  // namespace
}  // namespace martlet
