#include "schema/dump_postgres.h"

#include "base/capture.h"
#include "base/text.h"
#include "db/postgres/environment.h"
#include "schema/pg_dump.h"

namespace martlet {
namespace {

// pg_dump takes patterns; in double quotes every character stands for itself.
std::string literal_pattern(const std::string& name) {
  std::string pattern = "\"";
  for (const char c : name) pattern += c == '"' ? std::string("\"\"") : std::string(1, c);
  return pattern + "\"";
}

std::vector<std::string> arguments(const std::string& program, const DumpExclusions& exclude) {
  std::vector<std::string> words{program, "--schema-only", "--no-owner", "--no-password"};
  for (const std::string& schema : exclude.schemas) words.push_back("--exclude-schema=" + literal_pattern(schema));
  for (const auto& [schema, table] : exclude.tables) {
    words.push_back("--exclude-table=" + literal_pattern(schema) + "." + literal_pattern(table));
  }
  return words;
}

bool is_session_setting(std::string_view line) {
  return (line.starts_with("SET ") && line.ends_with(";")) || line.starts_with("SELECT pg_catalog.set_config(");
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// "--", "-- Name: …", "--": a banner names the owner, which is not compared. A comment inside a function stays.
bool is_banner(const std::vector<std::string_view>& lines, std::size_t at) {
  return at + 2 < lines.size() && lines[at] == "--" && lines[at + 1].starts_with("-- ") && lines[at + 2] == "--";
}

}  // namespace

std::string normalise_dump(std::string_view dump) {
  const auto lines = lines_of(dump);
  std::string text;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (is_banner(lines, at)) {
      at += 2;
      continue;
    }
    const std::string_view line = lines[at];
    if (line.empty() || is_session_setting(line)) continue;
    if (line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ") || line.starts_with("-- Dumped "))
      continue;
    text.append(line).append("\n");
  }
  return text;
}

std::string dump_postgres(Connection& connection, const Url& url, const DumpExclusions& exclude) {
  const std::string program = find_pg_dump(connection.version() / 10000);
  const Captured dumped = capture(arguments(program, exclude), postgres::child_environment(url));
  if (dumped.exit_code == 0) return normalise_dump(dumped.output);
  throw Error(ErrorKind::connection,
              "pg_dump could not read the schema (exit code " + std::to_string(dumped.exit_code) + ")")
      .with_detail(std::string(trim(dumped.errors)))
      .leaves("nothing was changed")
      .next("run `pg_dump --schema-only` on this database by hand to see what it lacks");
}

}  // namespace martlet
