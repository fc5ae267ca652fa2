#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/lexer.h"
#include "sql/walk.h"

namespace martlet {
namespace {

bool reaches_outside(std::string_view function) {
  return function.starts_with("dblink") ||
         is_one_of(function,
                   {"lo_import", "lo_export", "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file",
                    "http", "http_get", "http_post", "http_put", "http_delete", "net_http_post"});
}

void look_for_calls(const Case& at, const Node& node, Findings& found) {
  if (node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    const PgQuery__FuncCall& call = *node.func_call;
    const std::string_view name = string_value(call.funcname[call.n_funcname - 1]);
    if (reaches_outside(name)) {
      found.add(at, fmt::format("{}() needs something outside of the database, which is not there everywhere", name),
                call.location);
    }
  }
  each_child(node, [&](const Node& child) { look_for_calls(at, child, found); });
}

// Most statements have none of these words.
bool may_call(std::string_view text) {
  for (const std::string_view part :
       {"dblink", "lo_import", "lo_export", "pg_read_", "pg_ls_dir", "pg_stat_file", "http"}) {
    if (text.find(part) != std::string_view::npos) return true;
  }
  return false;
}

void look_at_copy(const Case& at, const PgQuery__CopyStmt& copy, Findings& found) {
  if (!*copy.filename) return;
  found.add(at, fmt::format("COPY {} {} on the database's server", copy.is_from ? "reads" : "writes",
                            copy.is_program ? "by a program" : "a file"));
}

// ATTACH of a file, and functions of the shell and of extensions.
void check_sqlite(const Case& at, Findings& found) {
  Lexer words(at.statement.text, Dialect::sqlite);
  Token token = words.next();
  if (token.is("attach")) {
    const bool has_word = words.accept("database");
    const Token file = words.next();
    const bool in_memory =
        file.text == "':memory:'" || file.text == "''" || (!has_word && file.kind == Token::Kind::end);
    if (!in_memory) found.add(at, "another database file is attached, which is not there everywhere");
  }
  for (; token.kind != Token::Kind::end && token.kind != Token::Kind::unterminated; token = words.next()) {
    const bool reaches = token.is("load_extension") || token.is("readfile") || token.is("writefile") ||
                         token.is("fsdir") || token.is("edit");
    if (!reaches || !words.peek().is('(')) continue;
    found.add(at,
              fmt::format("{}() needs something outside of the database, which is not there everywhere", token.text),
              static_cast<int>(token.offset));
  }
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) return check_sqlite(at, found);
  const Node& node = *at.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return look_at_copy(at, *node.copy_stmt, found);
    case PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT:
      found.add(at, "what is imported depends on another server at that moment");
      return;
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
      found.add(at, "connects to another server, which must be there");
      return;
    case PG_QUERY__NODE__NODE_LOAD_STMT:
      found.add(at, "needs a library on the database's server");
      return;
    default:
      if (may_call(at.statement.text)) look_for_calls(at, node, found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "external-dependency",
    .severity = Hazard::Severity::error,
    .summary = "a migration needs files, programs or servers outside of the database",
    .why =
        "It does what it does only where the file, the program or the other server is there, and what it does depends "
        "on what they hold that day: two databases with the same history are no longer alike. COPY from a file or a "
        "program also needs rights that no migration role should have.",
    .safe_form = "Put the rows into the migration (COPY … FROM stdin), or load them with a seed or a job of the "
                 "application.",
    .on = {PG_QUERY__NODE__NODE_COPY_STMT, PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT,
           PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT, PG_QUERY__NODE__NODE_LOAD_STMT,
           PG_QUERY__NODE__NODE_SELECT_STMT, PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_UPDATE_STMT,
           PG_QUERY__NODE__NODE_DELETE_STMT, PG_QUERY__NODE__NODE_MERGE_STMT,
           PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT},
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
