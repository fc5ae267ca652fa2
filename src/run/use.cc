#include "run/use.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/execute.h"
#include "migration/folder.h"
#include "plan/taken_away.h"
#include "sql/lexer.h"
#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

constexpr std::string_view kExtension = "pg_stat_statements";
constexpr std::size_t kLongestQuery = 100, kMostLines = 10;

// As the server reads the name.
std::string folded(const Token& token) {
  if (token.kind != Token::Kind::quoted) return lower(token.text);
  std::string name;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    name += token.text[i];
    if (token.text[i] == '"') ++i;
  }
  return name;
}

// "public.orders" → public, orders
std::vector<std::string> parts_of(const std::string& qualified) {
  Lexer words(qualified, Dialect::postgres);
  std::vector<std::string> parts;
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (token.kind == Token::Kind::word || token.kind == Token::Kind::quoted) parts.push_back(folded(token));
  }
  return parts;
}

// As the statements stand there: the names that they take away are the same in whatever form they run.
std::vector<OldName> names_in_section(Session& session, const SourceText& section) {
  Catalog catalog = read_catalog(session.connection());
  SessionState state = read_session_state(session.connection());
  catalog.record();
  std::vector<OldName> names;
  const SourceText filled = fill_placeholders(section, session.settings.placeholders);
  visit_trees(split(filled, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    const CatalogMark mark = catalog.mark();
    const SessionState before = state;
    static_cast<void>(execute(statement, tree, catalog, state));
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node) return;
    const CatalogBefore catalog_before(catalog, mark);
    std::ranges::move(
        all_taken_away(
            {.statement = statement, .node = *node, .catalog = catalog, .before = catalog_before, .session = before}),
        std::back_inserter(names));
  });
  return names;
}

bool reads_or_writes(const std::string& query) {
  const Token first = Lexer(query, Dialect::postgres).next();
  constexpr std::string_view kVerbs[] = {"select", "insert", "update", "delete", "merge", "with", "copy"};
  return std::ranges::any_of(kVerbs, [&](std::string_view verb) { return first.is(verb); });
}

// The schema of the extension, quoted; "" = it is not in this database.
std::string schema_of_extension(Connection& connection) {
  const Result found = connection.execute(
      "SELECT quote_ident(n.nspname) FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = "
      "e.extnamespace WHERE e.extname = $1",
      {std::string(kExtension)});
  return found.rows.empty() ? "" : found.rows[0][0].value_or("");
}

Result read_statements(Connection& connection, const std::string& schema) {
  return connection.execute(fmt::format(
      "SELECT queryid::text, min(query), sum(calls)::bigint::text FROM {}.{} WHERE queryid IS NOT NULL AND query IS "
      "NOT "
      "NULL AND dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) GROUP BY queryid",
      schema, kExtension));
}

std::string shortened(const std::string& query) {
  const std::string line = join(split_lines(query), " ");
  return line.size() > kLongestQuery ? line.substr(0, kLongestQuery) + " …" : line;
}

// Those that were reset since count anew.
long long calls_since(const StatementUse& now, const std::map<std::string, long long>& then) {
  const auto before = then.find(now.query_id);
  return before == then.end() || before->second > now.calls ? now.calls : now.calls - before->second;
}

class Look {
 public:
  Look(Session& session, const PlannedMigration& planned) : session_(session), planned_(planned) {}

  UseFound found;

  // Sessions that say they are of old code.
  void at_sessions() {
    const std::string& pattern = session_.settings.use.application;
    if (pattern.empty()) return;
    const Result sessions = session_.connection().execute(
        "SELECT pid, application_name, usename, coalesce(extract(epoch FROM clock_timestamp() - state_change)::bigint, "
        "0) FROM pg_catalog.pg_stat_activity WHERE application_name LIKE $1 AND datname = current_database() AND pid "
        "<> "
        "pg_backend_pid() ORDER BY state_change DESC NULLS LAST",
        {pattern});
    for (const Row& row : sessions.rows) {
      add(fmt::format("session {} of {} ({}), active {} ago", row[0].value_or(""), row[1].value_or(""),
                      row[2].value_or(""), show_duration(std::chrono::seconds(std::stoll(row[3].value_or("0"))))));
    }
  }

  void at_statements() {
    const std::vector<OldName> names = names_taken_away(session_, planned_);
    if (names.empty()) return;
    const StatementUses uses = statements_naming(session_.connection(), names);
    if (!uses.why_not.empty()) found.not_looked_at.push_back(uses.why_not);
    for (const StatementUse& each : uses.statements) {
      const long long calls = calls_since(each, planned_.calls);
      if (calls > 0) {
        add(fmt::format("called {} since the expand phase (queryid {}): {}", calls == 1 ? "once" : times(calls),
                        each.query_id, shortened(each.query)));
      }
    }
  }

  void at_query() {
    const std::string& query = session_.settings.use.query;
    if (query.empty()) return;
    try {
      for (const Row& row : session_.connection().execute(query).rows) {
        add("contract.query: " + (row.empty() ? "" : row[0].value_or("NULL")));
      }
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& failed) {
      throw Error(ErrorKind::validation, "contract.query fails: " + failed.message)
          .leaves("nothing was run")
          .next("put the query right in the configuration: each row that it gives is one use of the old names");
    }
  }

 private:
  static std::string times(long long count) { return fmt::format("{} times", count); }

  void add(std::string line) {
    if (found.uses.size() < kMostLines) found.uses.push_back(std::move(line));
  }

  Session& session_;
  const PlannedMigration& planned_;
};

}  // namespace

std::vector<OldName> names_taken_away(Session& session, const PlannedMigration& planned) {
  std::vector<OldName> names;
  for (const PlannedStep& each : planned.steps) {
    if (each.takes_away && !each.of_section) names.push_back(*each.takes_away);
  }
  if (planned.contract) {
    for (OldName& each : names_in_section(session, *planned.contract)) names.push_back(std::move(each));
  }
  return names;
}

bool is_named_in(const std::string& query, const OldName& name) {
  const std::vector<std::string> table = parts_of(name.table);
  bool has_table = false, has_column = name.column.empty();
  std::string schema;     // before the dot that was just read
  std::string last_word;  // "" = what was just read is no name
  Lexer words(query, Dialect::postgres);
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (token.kind != Token::Kind::word && token.kind != Token::Kind::quoted) {
      schema = token.text == "." ? last_word : "";
      last_word.clear();
      continue;
    }
    last_word = folded(token);
    const bool is_elsewhere = table.size() > 1 && !schema.empty() && schema != table.front();
    has_table = has_table || (last_word == table.back() && !is_elsewhere);
    has_column = has_column || last_word == name.column;
    schema.clear();
  }
  return has_table && has_column;
}

StatementUses statements_naming(Connection& connection, const std::vector<OldName>& names) {
  StatementUses uses;
  try {
    const std::string schema = schema_of_extension(connection);
    if (schema.empty()) {
      uses.why_not = "statements: the extension pg_stat_statements is not in this database";
      return uses;
    }
    for (const Row& row : read_statements(connection, schema).rows) {
      const std::string query = row[1].value_or("");
      const bool named = reads_or_writes(query) &&
                         std::ranges::any_of(names, [&](const OldName& each) { return is_named_in(query, each); });
      if (named) uses.statements.push_back({row[0].value_or(""), query, std::stoll(row[2].value_or("0"))});
    }
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error& failed) {
    if (failed.kind == ErrorKind::cancelled) throw;
    connection.rollback();
    uses.why_not = "statements: pg_stat_statements cannot be read: " + failed.message;
  }
  return uses;
}

UseFound look_for_use(Session& session, const PlannedMigration& planned) {
  Look look(session, planned);
  look.at_sessions();
  look.at_statements();
  look.at_query();
  return std::move(look.found);
}

}  // namespace martlet
