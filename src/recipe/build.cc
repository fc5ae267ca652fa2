#include "recipe/build.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestName = 63;  // NAMEDATALEN - 1

// A prefix of at most `length` bytes that does not end inside a character (pg_mbcliplen).
std::string_view clip(std::string_view text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return text.substr(0, length);
}

std::string numbered(const std::string& wanted, int number) {
  if (number == 0) return std::string(clip(wanted, kLongestName));
  const std::string digits = std::to_string(number);
  return std::string(clip(wanted, kLongestName - digits.size())) + digits;
}

template <class Taken>
std::string first_free(const std::string& wanted, const Taken& taken) {
  for (int number = 0;; ++number) {
    std::string name = numbered(wanted, number);
    if (!taken(name)) return name;
  }
}

Node command_node(const PgQuery__AlterTableCmd& command) {
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
  node.alter_table_cmd = const_cast<PgQuery__AlterTableCmd*>(&command);
  return node;
}

std::string alter_statement(const Operation& operation, std::vector<Node*> commands) {
  PgQuery__AlterTableStmt statement = *operation.node.alter_table_stmt;
  statement.n_cmds = commands.size();
  statement.cmds = commands.data();
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
  node.alter_table_stmt = &statement;
  return std::string(trim(deparse_statement(node)));
}

bool is_kind(const Constraint& constraint, PgQuery__ConstrType type) {
  switch (type) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return constraint.kind == Constraint::Kind::check;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return constraint.kind == Constraint::Kind::foreign_key;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return constraint.kind == Constraint::Kind::primary_key;
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      return constraint.kind == Constraint::Kind::unique;
    default:
      return false;
  }
}

// DEFERRABLE and the like are nodes of their own, behind the constraint that they belong to.
bool is_attribute(const PgQuery__Constraint& constraint) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE:
      return true;
    default:
      return false;
  }
}

// The unnamed constraints of one kind in a list of table elements or of sub-commands, in order.
class Unnamed {
 public:
  explicit Unnamed(PgQuery__ConstrType type) : type_(type) {}
  std::vector<const PgQuery__Constraint*> found;

  void read(std::size_t count, Node* const* nodes) {
    for (const Node* each : list(count, nodes)) read(each);
  }

 private:
  void read(const Node* node) {
    if (!node) return;
    if (node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) return read(node->alter_table_cmd->def);
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      return read(node->column_def->n_constraints, node->column_def->constraints);
    }
    const bool fits = node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT && node->constraint->contype == type_;
    if (fits && !*node->constraint->conname) found.push_back(node->constraint);
  }

  PgQuery__ConstrType type_;
};

std::vector<const PgQuery__Constraint*> unnamed_constraints(const Node& statement, PgQuery__ConstrType type) {
  Unnamed unnamed(type);
  if (statement.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    unnamed.read(statement.alter_table_stmt->n_cmds, statement.alter_table_stmt->cmds);
  } else if (statement.node_case == PG_QUERY__NODE__NODE_CREATE_STMT) {
    unnamed.read(statement.create_stmt->n_table_elts, statement.create_stmt->table_elts);
  }
  return unnamed.found;
}

}  // namespace

std::string name_in(const Operation& operation, const Relation& relation) {
  for (const std::string& schema : operation.session.search_path) {
    const std::string& real = schema == "$user" ? operation.session.user : schema;
    if (real == relation.schema) return quote_where_needed(relation.name);
    if (operation.before.relation(real, relation.name) || operation.catalog.relations.find(real, relation.name)) break;
  }
  return QualifiedName{relation.schema, relation.name}.text();
}

std::string column_list(const Relation& table, const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const int number : numbers) {
    if (const Column* column = table.column(number)) names.push_back(quote_where_needed(column->name));
  }
  return join(names, ", ");
}

std::string object_name(std::string_view table, std::string_view column, std::string_view suffix) {
  const std::size_t overhead = (column.empty() ? 0 : 1) + (suffix.empty() ? 0 : 1 + suffix.size());
  const std::size_t room = kLongestName - overhead;
  std::size_t first = table.size();
  std::size_t second = column.size();
  while (first + second > room) --(first > second ? first : second);
  std::string name(clip(table, first));
  if (!column.empty()) name.append("_").append(clip(column, second));
  if (!suffix.empty()) name.append("_").append(suffix);
  return name;
}

std::string free_constraint(const Operation& operation, const Relation& table, const std::string& wanted) {
  const Relation* after = operation.catalog.relations.get(table.id);
  return first_free(
      wanted, [&](const std::string& name) { return table.constraint(name) || (after && after->constraint(name)); });
}

std::string free_relation(const Operation& operation, std::string_view schema, const std::string& wanted) {
  return first_free(wanted, [&](const std::string& name) {
    return operation.catalog.relations.find(schema, name) || operation.before.relation(schema, name);
  });
}

std::string free_column(const Relation& table, const std::string& wanted) {
  return first_free(wanted, [&](const std::string& name) { return table.column(std::string_view(name)) != nullptr; });
}

std::string alter_table(const Operation& operation, const Relation& table, std::string_view action) {
  return fmt::format("ALTER TABLE {} {}", name_in(operation, table), action);
}

std::string alter_with(const Operation& operation, const PgQuery__AlterTableCmd& command) {
  Node node = command_node(command);
  return alter_statement(operation, {&node});
}

std::string alter_without(const Operation& operation, const std::vector<const PgQuery__AlterTableCmd*>& commands) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return "";
  const PgQuery__AlterTableStmt& alter = *operation.node.alter_table_stmt;
  std::vector<Node*> others;
  for (Node* each : list(alter.n_cmds, alter.cmds)) {
    if (std::ranges::find(commands, each->alter_table_cmd) == commands.end()) others.push_back(each);
  }
  return others.empty() ? "" : alter_statement(operation, others);
}

ColumnWithout::ColumnWithout(const PgQuery__ColumnDef& column, bool (*keep)(const PgQuery__Constraint&))
    : column_(column), node_(PG_QUERY__NODE__INIT), command_(PG_QUERY__ALTER_TABLE_CMD__INIT) {
  bool kept = true;
  for (Node* each : list(column.n_constraints, column.constraints)) {
    if (!is_attribute(*each->constraint)) kept = keep(*each->constraint);
    if (kept) constraints_.push_back(each);
  }
  column_.n_constraints = constraints_.size();
  column_.constraints = constraints_.data();
  node_.node_case = PG_QUERY__NODE__NODE_COLUMN_DEF;
  node_.column_def = &column_;
}

const PgQuery__AlterTableCmd& ColumnWithout::add_column(const PgQuery__AlterTableCmd& original) {
  command_ = original;
  command_.def = &node_;
  return command_;
}

const Relation* table_after(const Operation& operation) {
  return operation.table ? operation.catalog.relations.get(operation.table->id) : nullptr;
}

const Constraint* constraint_after(const Operation& operation, const PgQuery__Constraint& made) {
  const Relation* after = table_after(operation);
  if (!after) return nullptr;
  if (*made.conname) return after->constraint(made.conname);
  const auto unnamed = unnamed_constraints(operation.node, made.contype);
  const Relation* before = operation.before.relation(after->id);
  auto position = std::ranges::find(unnamed, &made) - unnamed.begin();
  for (const Constraint& each : after->constraints) {
    const bool is_old = before && before->constraint(each.name);
    if (!is_old && is_kind(each, made.contype) && position-- == 0) return &each;
  }
  return nullptr;
}

RecipeStep step(std::string sql, std::string note) {
  return {.sql = std::move(sql), .note = std::move(note)};
}

RecipeStep alone(std::string sql, std::string note) {
  return {.sql = std::move(sql), .transactional = false, .note = std::move(note)};
}

RecipeStep batch(const Operation& operation, const Relation& table, BatchChange change, std::string note) {
  std::string sql = batch_sql(change, name_in(operation, table));
  return {.sql = std::move(sql), .note = std::move(note), .batch = std::move(change)};
}

RecipeStep contract(std::string sql, std::string note) {
  return {.sql = std::move(sql), .note = std::move(note), .phase = Phase::contract};
}

RecipeStep finish(std::string sql, std::string note) {
  return {.sql = std::move(sql), .note = std::move(note), .phase = Phase::finish};
}

void join_steps(std::vector<RecipeStep>& steps, std::size_t first) {
  int number = 1;
  for (const RecipeStep& each : steps) number = std::max(number, each.transaction + 1);
  for (std::size_t i = first; i < steps.size(); ++i) steps[i].transaction = number;
}

void append(std::vector<RecipeStep>& steps, std::vector<RecipeStep> more) {
  int highest = 0;
  for (const RecipeStep& each : steps) highest = std::max(highest, each.transaction);
  for (RecipeStep& each : more) {
    if (each.transaction) each.transaction += highest;
    steps.push_back(std::move(each));
  }
}

}  // namespace martlet
