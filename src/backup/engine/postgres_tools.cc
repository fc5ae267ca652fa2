#include "backup/engine/postgres_tools.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "db/postgres/environment.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// Columns came and went with the versions: as JSON, a missing one is NULL.
constexpr std::string_view kFacts = R"(
  SELECT pg_catalog.current_setting('server_version'),
         pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
              ELSE pg_catalog.pg_current_wal_insert_lsn() END,
         pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
         pg_catalog.to_jsonb(d)->>'datlocprovider',
         COALESCE(pg_catalog.to_jsonb(d)->>'datlocale', pg_catalog.to_jsonb(d)->>'daticulocale'),
         pg_catalog.current_setting('lc_monetary'),
         (SELECT pg_catalog.sum(c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint)
          FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND c.oid >= 16384)
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())";
constexpr std::array kSettings{"encoding", "lc_collate", "lc_ctype", "locale_provider", "locale", "lc_monetary"};

std::string setting_of(const BackupHeader& header, const std::string& name) {
  const auto found = header.settings.find(name);
  return found == header.settings.end() ? "" : found->second;
}

// PGOPTIONS separates by spaces; a backslash keeps one.
std::string option_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\\') word += '\\';
    word += c;
  }
  return word;
}

}  // namespace

std::uint64_t read_database_facts(Connection& connection, BackupHeader& header) {
  const Row facts = connection.execute(kFacts).rows.at(0);
  header.engine = "postgres";
  header.server_version = facts.at(0).value_or("");
  header.taken_at = facts.at(1).value_or("");
  header.lsn = facts.at(2).value_or("");
  for (std::size_t i = 0; i < kSettings.size(); ++i) {
    if (facts.at(3 + i)) header.settings[kSettings[i]] = *facts.at(3 + i);
  }
  return static_cast<std::uint64_t>(std::atoll(facts.at(9).value_or("0").c_str()));
}

std::map<std::string, std::string> tool_environment(const Url& url, const BackupHeader& header) {
  std::map<std::string, std::string> environment = postgres::child_environment(url);
  std::string options;
  if (const auto given = environment.find("PGOPTIONS"); given != environment.end()) {
    options = given->second;
  } else if (const char* ours = std::getenv("PGOPTIONS")) {
    options = ours;
  }
  options += " -c bytea_output=hex -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";
  const std::string money = setting_of(header, "lc_monetary");
  if (!money.empty()) options += " -c lc_monetary=" + option_word(money);
  environment["PGOPTIONS"] = options;
  environment["PGTZ"] = "UTC";
  environment["PGAPPNAME"] = "martlet backup";
  return environment;
}

std::vector<std::string> session_settings(const BackupHeader& header) {
  std::vector<std::string> statements{
      "SET TimeZone = 'UTC'",       "SET bytea_output = hex",
      "SET DateStyle = ISO",        "SET IntervalStyle = postgres",
      "SET extra_float_digits = 3", "SET row_security = off",
      "SET statement_timeout = 0",  "SELECT pg_catalog.set_config('search_path', '', false)"};
  const std::string money = setting_of(header, "lc_monetary");
  if (!money.empty()) statements.push_back("SET lc_monetary = " + quote_literal(money, Dialect::postgres));
  if (setting_of(header, "encoding") == "SQL_ASCII") statements.push_back("SET client_encoding = 'SQL_ASCII'");
  return statements;
}

std::string pg_restore_beside(const std::string& pg_dump) {
  const std::filesystem::path path = pg_dump;
  return path.has_parent_path() ? (path.parent_path() / "pg_restore").string() : "pg_restore";
}

Error tool_failed(std::string_view what, int exit_code, std::string_view said) {
  return Error(ErrorKind::connection, fmt::format("{} (exit code {})", what, exit_code))
      .with_detail(mask_passwords(trim(said)));
}

std::string database_argument(const Url& url) {
  std::string argument = "dbname='";
  for (const char c : url.database()) {
    if (c == '\'' || c == '\\') argument += '\\';
    argument += c;
  }
  return argument + "'";
}

}  // namespace martlet
