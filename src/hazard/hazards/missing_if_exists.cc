// IF [NOT] EXISTS where a file may have to be run again after half of it took effect: outside transactions.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::string_view kNotExists = "IF NOT EXISTS";
constexpr std::string_view kExists = "IF EXISTS";

void add(const Case& at, std::size_t behind, std::string_view words, Findings& found) {
  HazardFinding& finding =
      found.add(at, fmt::format("fails when the file is run again after a failure further down: {} is missing", words));
  finding.fix = TextFix{.edits = {{behind, behind, fmt::format(" {}", words)}}};
}

std::size_t end_of(const Token& token) {
  return token.offset + token.text.size();
}

// Passes over words up to and with `last`; where it ends.
std::size_t behind_word(const Statement& statement, std::string_view last) {
  Lexer words(statement.text, Dialect::postgres);
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (token.is(last)) return end_of(token);
  }
  return 0;
}

std::string_view last_word_of(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return "table";
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return "view";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return "sequence";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return "schema";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      return "type";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return "domain";
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
      return "extension";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      return "trigger";
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      return "policy";
    default:
      return "";
  }
}

void look_at_drop(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.missing_ok) return;
  if (drop.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) {
    return add(at, behind_word(at.statement, drop.concurrent ? "concurrently" : "index"), kExists, found);
  }
  const std::string_view word = last_word_of(drop.remove_type);
  if (!word.empty()) add(at, behind_word(at.statement, word), kExists, found);
}

bool is_name(std::string_view written, std::string_view name) {
  return written.starts_with('"') ? written == quote_identifier(name) : lower(written) == name;
}

// Behind ADD [COLUMN], DROP [COLUMN], DROP CONSTRAINT; several of them in one statement come in the order of the text.
void look_at_alter(const Case& at, Findings& found) {
  Lexer words(at.statement.text, Dialect::postgres);
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const bool adds = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn;
    const bool drops_column = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn;
    const bool drops_constraint = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint;
    if (command.missing_ok || !(adds || drops_column || drops_constraint)) continue;
    const std::string_view verb = adds ? "add" : "drop";
    const std::string_view name = adds ? command.def->column_def->colname : command.name;
    for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
      if (!token.is(verb)) continue;
      std::size_t behind = end_of(token);
      if (words.peek().is(drops_constraint ? "constraint" : "column")) behind = end_of(words.next());
      Lexer ahead = words;
      if (!is_name(ahead.accept_name(), name)) continue;
      add(at, behind, adds ? kNotExists : kExists, found);
      break;
    }
  }
}

void look_at_create(const Case& at, Findings& found) {
  const Node& node = *at.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      if (!node.create_stmt->if_not_exists) add(at, behind_word(at.statement, "table"), kNotExists, found);
      break;
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      if (!node.create_schema_stmt->if_not_exists && *node.create_schema_stmt->schemaname) {
        add(at, behind_word(at.statement, "schema"), kNotExists, found);
      }
      break;
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      if (!node.create_seq_stmt->if_not_exists) add(at, behind_word(at.statement, "sequence"), kNotExists, found);
      break;
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      if (!node.create_extension_stmt->if_not_exists) {
        add(at, behind_word(at.statement, "extension"), kNotExists, found);
      }
      break;
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      if (!*node.alter_enum_stmt->old_val && !node.alter_enum_stmt->skip_if_new_val_exists) {
        add(at, behind_word(at.statement, "value"), kNotExists, found);
      }
      break;
    default:
      break;
  }
}

void check(const Case& at, Findings& found) {
  if (at.state.in_transaction || at.in_body) return;  // a failure takes everything back
  if (at.node->node_case == PG_QUERY__NODE__NODE_DROP_STMT) return look_at_drop(at, found);
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return look_at_alter(at, found);
  look_at_create(at, found);
}

const Registered<Hazard> kHazard{{
    .id = "missing-if-exists",
    .severity = Hazard::Severity::warning,
    .summary = "outside a transaction, a statement that cannot be repeated",
    .why = "Where a file does not run in a transaction, a failure leaves what came before it in place. Run again, the "
           "first statement that is done already fails.",
    .safe_form =
        "Say IF NOT EXISTS or IF EXISTS. Not for CREATE INDEX CONCURRENTLY, which may leave an invalid index that "
        "IF NOT EXISTS would keep.",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_CREATE_STMT,
           PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT, PG_QUERY__NODE__NODE_CREATE_SEQ_STMT,
           PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT, PG_QUERY__NODE__NODE_ALTER_ENUM_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
