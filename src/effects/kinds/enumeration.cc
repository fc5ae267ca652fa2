// CREATE TYPE … AS ENUM, ALTER TYPE … ADD VALUE and RENAME VALUE (pg_enum.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/definition/new_type.h"
#include "effects/expression_texts.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestLabel = 63;

void create_enum(Execution& execution, const PgQuery__CreateEnumStmt& statement) {
  Type type =
      begin_type(execution, qualified_name(statement.n_type_name, statement.type_name), Type::Kind::enumeration);
  type.category = 'E';
  type.length = 4;
  for (std::string& label : string_values(statement.n_vals, statement.vals)) {
    if (label.size() > kLongestLabel) execution.fail("42602", fmt::format("invalid enum label \"{}\"", label));
    if (std::ranges::find(type.labels, label) != type.labels.end()) {
      execution.fail("23505", "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"");
    }
    type.labels.push_back(std::move(label));
  }
  add_type(execution, std::move(type));
}

using Labels = std::vector<std::string>;

Labels::iterator existing(const Execution& execution, Labels& labels, std::string_view label) {
  const auto at = std::ranges::find(labels, label);
  if (at == labels.end()) execution.fail("22023", fmt::format("\"{}\" is not an existing enum label", label));
  return at;
}

void add_label(const Execution& execution, Labels& labels, const PgQuery__AlterEnumStmt& statement) {
  if (std::ranges::find(labels, std::string_view(statement.new_val)) != labels.end()) {
    if (statement.skip_if_new_val_exists) return;
    execution.fail("42710", fmt::format("enum label \"{}\" already exists", statement.new_val));
  }
  auto at = labels.end();
  if (*statement.new_val_neighbor) {
    at = existing(execution, labels, statement.new_val_neighbor);
    if (statement.new_val_is_after) ++at;
  }
  labels.insert(at, statement.new_val);
}

void rename_label(const Execution& execution, Labels& labels, const PgQuery__AlterEnumStmt& statement) {
  const auto at = existing(execution, labels, statement.old_val);
  if (std::ranges::find(labels, std::string_view(statement.new_val)) != labels.end()) {
    execution.fail("42710", fmt::format("enum label \"{}\" already exists", statement.new_val));
  }
  *at = statement.new_val;
}

void alter_enum(Execution& execution, const PgQuery__AlterEnumStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_type_name, statement.type_name);
  const Type* type = require_type(execution, name);
  if (!type) return execution.assume(fmt::format("type {} exists and is an enum", name.text()));
  if (type->kind != Type::Kind::enumeration) execution.fail("42809", fmt::format("{} is not an enum", name.text()));
  const ObjectId id = type->id;
  Labels& labels = execution.catalog.types.edit(id).labels;
  if (*statement.old_val) {
    rename_label(execution, labels, statement);
    return rename_label_in_expressions(execution, *execution.catalog.types.get(id), statement.old_val,
                                       statement.new_val);
  }
  const std::size_t before = labels.size();
  add_label(execution, labels, statement);
  // Since version 17 the labels of a type that is new as well can be used at once (pg_enum.c, EnumUncommitted).
  constexpr int kKnowsNewTypes = 170000;
  const bool is_new_type =
      execution.catalog.server_version >= kKnowsNewTypes && execution.session.new_types.contains(id);
  if (labels.size() > before && execution.session.in_transaction && !is_new_type) {
    execution.session.new_labels.emplace(id, statement.new_val);
  }
}

void execute_enum(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_ENUM_STMT) return create_enum(execution, *node.create_enum_stmt);
  alter_enum(execution, *node.alter_enum_stmt);
}

const Registered<StatementKind> kEnum{{.id = "CreateEnumStmt",
                                       .node = PG_QUERY__NODE__NODE_CREATE_ENUM_STMT,
                                       .execute = execute_enum,
                                       .also = {PG_QUERY__NODE__NODE_ALTER_ENUM_STMT}}};

}  // namespace
}  // namespace martlet
