#include "base/secret.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

struct Case {
  std::string_view text, masked;
};

TEST(MaskPasswords, ReplacesEveryPasswordAndNothingElse) {
  const Case cases[] = {
      {"postgres://ana:s3cret@db:5432/shop", "postgres://ana:***@db:5432/shop"},
      {"postgres://ana:p@ss:w@db/shop?x=1", "postgres://ana:***@db/shop?x=1"},
      {"postgres://ana:p/s?s@db/shop", "postgres://ana:***@db/shop"},
      {"postgres://ana@db/shop", "postgres://ana@db/shop"},
      {"postgres://db:5432/shop", "postgres://db:5432/shop"},
      {"postgresql://db/shop?user=ana&password=s3cret&sslmode=require",
       "postgresql://db/shop?user=ana&password=***&sslmode=require"},
      {"host=db password=s3cret dbname=shop", "host=db password=*** dbname=shop"},
      {"host=db password = 'it''s me' dbname=shop", "host=db password = '***' dbname=shop"},
      {"CREATE ROLE app LOGIN PASSWORD 'it''s me' IN ROLE x", "CREATE ROLE app LOGIN PASSWORD '***' IN ROLE x"},
      {"ALTER USER a WITH ENCRYPTED password\n  E'a\\'b';", "ALTER USER a WITH ENCRYPTED password\n  E'***';"},
      {"ALTER USER a PASSWORD $q$se'cret$q$ VALID", "ALTER USER a PASSWORD $q$***$q$ VALID"},
      {"ALTER USER a PASSWORD NULL", "ALTER USER a PASSWORD NULL"},
      {"CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'b', password 'c')",
       "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'b', password '***')"},
      {"PGPASSWORD=hush psql", "PGPASSWORD=*** psql"},
      {"two postgres://a:b@c and postgres://d:e@f", "two postgres://a:***@c and postgres://d:***@f"},
      {"CREATE TABLE t (password text, password_hash text)", "CREATE TABLE t (password text, password_hash text)"},
      {"unterminated PASSWORD 'abc", "unterminated PASSWORD '***"},
      {"", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(mask_passwords(one.text), one.masked);
}

}  // namespace
}  // namespace martlet
