#include "sql/canonical.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

/// Writes trees as nested lists. Kinds that have several spellings have a function of their own; all others are
/// written field by field, as the parser's own descriptors list them.
class Writer {
 public:
  void write(const Node* node);
  void write_message(const ProtobufCMessage& message);
  std::string take() { return std::move(text_); }

 private:
  void write_constant(const PgQuery__AConst& constant);
  void write_literal(std::string_view value);
  void write_call(const PgQuery__FuncCall& call);
  void write_operation(const PgQuery__AExpr& operation);
  void write_operator(std::string_view name, const Node* left, const Node* right);
  void write_in(const PgQuery__AExpr& operation);
  void write_between(const PgQuery__AExpr& operation, bool negated);
  void write_logic(const PgQuery__BoolExpr& logic);
  void write_terms(const PgQuery__BoolExpr& logic);
  void write_field(const ProtobufCMessage& message, const ProtobufCFieldDescriptor& field);
  void write_value(const ProtobufCFieldDescriptor& field, const void* value);
  template <class Write>
  void list_of(std::string_view head, const Write& write_rest) {
    text_.append("(").append(head);
    write_rest();
    text_ += ')';
  }

  std::string text_;
};

std::string_view last_name(std::size_t count, Node* const* names) {
  if (count == 0) return "";
  const Node* last = names[count - 1];
  return last->node_case == PG_QUERY__NODE__NODE_STRING ? string_value(last) : "*";
}

const Node* without_casts(const Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  return node;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "2024-01-01 00:00:00+00" → "2024-01-01": a server completes dates that become timestamps.
std::string_view without_midnight(std::string_view value) {
  constexpr std::size_t kDate = 10;
  const bool is_date = value.size() > kDate && is_digits(value.substr(0, 4)) && value[4] == '-' && value[7] == '-';
  return is_date && value.substr(kDate).starts_with(" 00:00:00") ? value.substr(0, kDate) : value;
}

bool names_a_relation(std::string_view function) {
  return function == "nextval" || function == "currval" || function == "setval";
}

void Writer::write(const Node* given) {
  const Node* node = without_casts(given);
  if (!node) return static_cast<void>(text_ += " -");
  text_ += ' ';
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
      return write_constant(*node->a_const);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      text_.append(last_name(node->column_ref->n_fields, node->column_ref->fields));
      return;
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return write_call(*node->func_call);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return write_operation(*node->a_expr);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return write_logic(*node->bool_expr);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return list_of("collate", [&] {
        write(node->collate_clause->arg);
        text_.append(" ").append(last_name(node->collate_clause->n_collname, node->collate_clause->collname));
      });
    case PG_QUERY__NODE__NODE_RES_TARGET:
      return write(node->res_target->val);
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      text_.append(node->range_var->relname);
      return;
    case PG_QUERY__NODE__NODE_STRING:
      text_.append(string_value(node));
      return;
    default:
      return write_message(node->base);
  }
}

void Writer::write_constant(const PgQuery__AConst& constant) {
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return write_literal(std::to_string(constant.ival->ival));
    case PG_QUERY__A__CONST__VAL_FVAL:
      return write_literal(constant.fval->fval);
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return write_literal(constant.boolval->boolval ? "true" : "false");
    case PG_QUERY__A__CONST__VAL_SVAL:
      return write_literal(constant.sval->sval);
    case PG_QUERY__A__CONST__VAL_BSVAL:
      return write_literal(constant.bsval->bsval);
    default:
      text_ += "null";
  }
}

void Writer::write_literal(std::string_view value) {
  if (value == "t") value = "true";
  if (value == "f") value = "false";
  text_.append("'").append(without_midnight(value)).append("'");
}

void Writer::write_call(const PgQuery__FuncCall& call) {
  const std::string_view name = last_name(call.n_funcname, call.funcname);
  list_of(name, [&] {
    for (const Node* each : list(call.n_args, call.args)) {
      const Node* argument = without_casts(each);
      if (names_a_relation(name) && argument && argument->node_case == PG_QUERY__NODE__NODE_A_CONST &&
          argument->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL) {
        std::string relation = argument->a_const->sval->sval;
        std::erase(relation, '"');
        text_.append(" ").append(relation.substr(relation.rfind('.') + 1));
      } else {
        write(each);
      }
    }
    if (call.agg_star) text_ += " *";
    if (call.agg_distinct) text_ += " distinct";
    if (call.func_variadic) text_ += " variadic";
    for (const Node* each : list(call.n_agg_order, call.agg_order)) write(each);
    if (call.agg_filter) write(call.agg_filter);
    if (call.over) write_message(call.over->base);
  });
}

void Writer::write_operator(std::string_view name, const Node* left, const Node* right) {
  list_of(name, [&] {
    if (left) write(left);
    write(right);
  });
}

void Writer::write_operation(const PgQuery__AExpr& operation) {
  const std::string_view name = last_name(operation.n_name, operation.name);
  switch (operation.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR:
      return write_operator(name, operation.lexpr, operation.rexpr);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
      return write_in(operation);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
      return write_between(operation, false);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
      return write_between(operation, true);
    default:
      return write_message(operation.base);
  }
}

// a IN (1, 2) and a = ANY (ARRAY[1, 2]); a NOT IN (…) and a <> ALL (ARRAY[…]); a IN (1) and a = 1.
void Writer::write_in(const PgQuery__AExpr& operation) {
  const std::string_view name = last_name(operation.n_name, operation.name);
  const Node* right = without_casts(operation.rexpr);
  std::span<Node* const> elements;
  if (right && right->node_case == PG_QUERY__NODE__NODE_LIST) elements = list(right->list->n_items, right->list->items);
  if (right && right->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR) {
    elements = list(right->a_array_expr->n_elements, right->a_array_expr->elements);
  }
  const bool is_list = operation.kind == PG_QUERY__A__EXPR__KIND__AEXPR_IN;
  if (is_list && elements.size() == 1) return write_operator(name, operation.lexpr, elements[0]);
  const bool all = operation.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL || (is_list && name == "<>");
  list_of(all ? "all" : "any", [&] {
    text_.append(" ").append(name);
    write(operation.lexpr);
    if (elements.empty()) return write(operation.rexpr);
    for (const Node* each : elements) write(each);
  });
}

void Writer::write_between(const PgQuery__AExpr& operation, bool negated) {
  const Node* right = operation.rexpr;
  if (!right || right->node_case != PG_QUERY__NODE__NODE_LIST || right->list->n_items != 2) {
    return write_message(operation.base);
  }
  list_of(negated ? "or " : "and ", [&] {
    write_operator(negated ? "<" : ">=", operation.lexpr, right->list->items[0]);
    text_ += ' ';
    write_operator(negated ? ">" : "<=", operation.lexpr, right->list->items[1]);
  });
}

void Writer::write_logic(const PgQuery__BoolExpr& logic) {
  const std::string_view head = logic.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR  ? "and"
                                : logic.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR ? "or"
                                                                                    : "not";
  list_of(head, [&] { write_terms(logic); });
}

// (a AND b) AND c is a AND b AND c.
void Writer::write_terms(const PgQuery__BoolExpr& logic) {
  for (const Node* each : list(logic.n_args, logic.args)) {
    const bool same = each->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR && each->bool_expr->boolop == logic.boolop &&
                      logic.boolop != PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR;
    if (same) {
      write_terms(*each->bool_expr);
    } else {
      write(each);
    }
  }
}

bool is_left_out(std::string_view field) {
  return field.ends_with("location") || field == "stmt_len" || field == "funcformat" || field == "row_format" ||
         field == "alias" || field == "schemaname" || field == "catalogname" || field == "typemod";
}

void Writer::write_message(const ProtobufCMessage& message) {
  list_of(message.descriptor->short_name, [&] {
    for (unsigned at = 0; at < message.descriptor->n_fields; ++at) {
      const ProtobufCFieldDescriptor& field = message.descriptor->fields[at];
      if (!is_left_out(field.name)) write_field(message, field);
    }
    // CASE without ELSE comes back as ELSE NULL.
    if (message.descriptor == &pg_query__case_expr__descriptor &&
        !reinterpret_cast<const PgQuery__CaseExpr&>(message).defresult) {
      text_ += " :defresult null";
    }
  });
}

template <class T>
const T& member(const ProtobufCMessage& message, unsigned offset) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(&message) + offset);
}

std::size_t element_size(const ProtobufCFieldDescriptor& field) {
  return field.type == PROTOBUF_C_TYPE_MESSAGE || field.type == PROTOBUF_C_TYPE_STRING ? sizeof(void*) : 4;
}

void Writer::write_field(const ProtobufCMessage& message, const ProtobufCFieldDescriptor& field) {
  if (field.label == PROTOBUF_C_LABEL_REPEATED) {
    const std::size_t count = member<std::size_t>(message, field.quantifier_offset);
    const char* const first = member<const char*>(message, field.offset);
    if (count > 0) text_.append(" :").append(field.name);
    for (std::size_t at = 0; at < count; ++at) write_value(field, first + at * element_size(field));
    return;
  }
  const bool is_choice = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
  if (is_choice && member<std::uint32_t>(message, field.quantifier_offset) != field.id) return;
  const void* value = &member<char>(message, field.offset);
  const bool by_pointer = field.type == PROTOBUF_C_TYPE_MESSAGE || field.type == PROTOBUF_C_TYPE_STRING;
  if (by_pointer && *static_cast<const void* const*>(value) == nullptr) return;
  text_.append(" :").append(field.name);
  write_value(field, value);
}

void Writer::write_value(const ProtobufCFieldDescriptor& field, const void* value) {
  switch (field.type) {
    case PROTOBUF_C_TYPE_MESSAGE: {
      const auto* message = *static_cast<const ProtobufCMessage* const*>(value);
      if (message->descriptor == &pg_query__node__descriptor) return write(reinterpret_cast<const Node*>(message));
      text_ += ' ';
      return write_message(*message);
    }
    case PROTOBUF_C_TYPE_STRING:
      text_.append(" ").append(*static_cast<const char* const*>(value));
      return;
    default: {
      std::int32_t number = 0;
      std::memcpy(&number, value, field.type == PROTOBUF_C_TYPE_BOOL ? sizeof(protobuf_c_boolean) : sizeof(number));
      text_.append(" ").append(std::to_string(number));
    }
  }
}

// Parses `before` + `sql` and writes what `part` picks from the statement.
template <class Part>
std::string canonical(std::string_view before, std::string_view sql, const Part& part) {
  std::string text(sql);
  visit_trees({{.text = std::string(before).append(sql)}}, [&](const Statement&, const Tree& tree) {
    const Node* statement = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!statement || tree.nodes->n_stmts != 1) return;
    Writer writer;
    if (part(writer, *statement)) text = trim(writer.take());
  });
  return text;
}

}  // namespace

std::string canonical_expression(std::string_view sql) {
  if (trim(sql).empty()) return "";
  return canonical("SELECT ", sql, [](Writer& writer, const Node& statement) {
    if (statement.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return false;
    const PgQuery__SelectStmt& select = *statement.select_stmt;
    for (const Node* each : list(select.n_target_list, select.target_list)) writer.write(each);
    return select.n_target_list > 0;
  });
}

std::string canonical_bound(std::string_view sql) {
  if (trim(sql).empty()) return "";
  return canonical("ALTER TABLE a ATTACH PARTITION b ", sql, [](Writer& writer, const Node& statement) {
    if (statement.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return false;
    const PgQuery__AlterTableCmd& command = *statement.alter_table_stmt->cmds[0]->alter_table_cmd;
    if (command.def->node_case != PG_QUERY__NODE__NODE_PARTITION_CMD) return false;
    writer.write_message(command.def->partition_cmd->bound->base);
    return true;
  });
}

}  // namespace martlet
