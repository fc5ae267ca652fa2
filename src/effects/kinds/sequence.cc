// CREATE SEQUENCE and ALTER SEQUENCE (sequence.c).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/registry.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"
#include "effects/definition/serial.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

std::optional<std::int64_t> number_of(const PgQuery__DefElem& option) {
  if (!option.arg) return std::nullopt;
  const std::string text = option_value(option);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::int64_t largest(const Catalog& catalog, ObjectId type) {
  const Type* known = catalog.types.get(type);
  if (known && known->name == "int2") return std::numeric_limits<std::int16_t>::max();
  if (known && known->name == "int4") return std::numeric_limits<std::int32_t>::max();
  return std::numeric_limits<std::int64_t>::max();
}

// process_owned_by
void require_fitting_owner(const Execution& execution, const Relation& sequence, const Relation& table) {
  if (table.assumed || sequence.assumed) return;
  const bool fits = table.kind == RelationKind::table || table.kind == RelationKind::partitioned_table ||
                    table.kind == RelationKind::foreign_table || table.kind == RelationKind::view;
  if (!fits) execution.fail("42809", fmt::format("sequence cannot be owned by relation \"{}\"", table.name));
  if (table.owner != sequence.owner) {
    execution.fail("55000", "sequence must have same owner as table it is linked to");
  }
  if (table.schema != sequence.schema) {
    execution.fail("55000", "sequence must be in same schema as table it is linked to");
  }
}

void require_no_identity(const Execution& execution, const Relation& sequence) {
  const Relation* table = execution.catalog.relations.get(sequence.owned_by.relation);
  const Column* column = table ? table->column(sequence.owned_by.column) : nullptr;
  if (!column || column->identity == Column::Identity::none) return;
  execution.fail("0A000", "cannot change ownership of identity sequence");
}

void own_by(Execution& execution, Relation& sequence, const PgQuery__DefElem& option) {
  const PgQuery__List& parts = *option.arg->list;
  ColumnUse owner;
  if (parts.n_items > 1) {
    const Relation& table = execution.relation(qualified_name(parts.n_items - 1, parts.items));
    execution.lock(table.id, LockMode::access_share);
    require_fitting_owner(execution, sequence, table);
    owner = {table.id, column_number(execution, table.id, string_value(parts.items[parts.n_items - 1]))};
  }
  require_no_identity(execution, sequence);
  sequence.owned_by = owner;
}

void read_option(Execution& execution, Relation& sequence, const PgQuery__DefElem& option) {
  SequenceFacts& facts = *sequence.sequence;
  const std::string_view name = option.defname;
  const std::optional<std::int64_t> number =
      name == "as" || name == "owned_by" || name == "cycle" ? std::nullopt : number_of(option);
  if (name == "as") {
    facts.type = resolve_type(execution, *option.arg->type_name).type;
    facts.maximum = largest(execution.catalog, facts.type);
  } else if (name == "increment" && number) {
    if (*number == 0) execution.fail("22023", "INCREMENT must not be zero");
    facts.increment = *number;
  } else if (name == "start" && number) {
    facts.start = *number;
  } else if (name == "minvalue" && number) {
    facts.minimum = *number;
  } else if (name == "maxvalue" && number) {
    facts.maximum = *number;
  } else if (name == "cache" && number) {
    facts.cache = *number;
  } else if (name == "cycle") {
    facts.cycles = option_value(option) == "true";
  } else if (name == "owned_by") {
    own_by(execution, sequence, option);
  }
}

void require_order(const Execution& execution, const SequenceFacts& facts) {
  if (facts.minimum >= facts.maximum) {
    execution.fail("22023", fmt::format("MINVALUE ({}) must be less than MAXVALUE ({})", facts.minimum, facts.maximum));
  }
  if (facts.start < facts.minimum) {
    execution.fail("22023",
                   fmt::format("START value ({}) cannot be less than MINVALUE ({})", facts.start, facts.minimum));
  }
  if (facts.start > facts.maximum) {
    execution.fail("22023",
                   fmt::format("START value ({}) cannot be greater than MAXVALUE ({})", facts.start, facts.maximum));
  }
}

void create_sequence(Execution& execution, const PgQuery__CreateSeqStmt& statement) {
  std::optional<Relation> sequence =
      begin_relation(execution, *statement.sequence, RelationKind::sequence, statement.if_not_exists != 0);
  if (!sequence) return;
  const Type* int8 = execution.catalog.types.find("pg_catalog", "int8");
  sequence->sequence = SequenceFacts{.type = int8 ? int8->id : 0, .maximum = std::numeric_limits<std::int64_t>::max()};
  bool has_start = false;
  bool has_minimum = false;
  bool has_maximum = false;
  for (const Node* each : list(statement.n_options, statement.options)) {
    const std::string_view name = each->def_elem->defname;
    has_start |= name == "start";
    has_minimum |= name == "minvalue" && each->def_elem->arg;
    has_maximum |= name == "maxvalue" && each->def_elem->arg;
    read_option(execution, *sequence, *each->def_elem);
  }
  SequenceFacts& facts = *sequence->sequence;
  if (facts.increment < 0 && !has_maximum) facts.maximum = -1;
  if (facts.increment < 0 && !has_minimum) facts.minimum = -largest(execution.catalog, facts.type) - 1;
  if (!has_start) facts.start = facts.increment < 0 ? facts.maximum : facts.minimum;
  require_order(execution, facts);
  execution.catalog.add_relation(std::move(*sequence));
}

// All but OWNED BY is written into the sequence's one row, in a new file (sequence.c, init_params).
bool writes_anew(const PgQuery__AlterSeqStmt& statement) {
  return std::ranges::any_of(list(statement.n_options, statement.options),
                             [](const Node* each) { return std::string_view(each->def_elem->defname) != "owned_by"; });
}

void alter_sequence(Execution& execution, const PgQuery__AlterSeqStmt& statement) {
  const QualifiedName name = qualified_name(*statement.sequence);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(name)) return;
  const Relation& found = execution.relation(name, RelationKind::sequence);
  require_no_catalog(execution, found);
  execution.lock(found.id, LockMode::share_row_exclusive);
  if (found.kind != RelationKind::sequence) {
    execution.fail("42809", fmt::format("\"{}\" is not a sequence", found.name));
  }
  Relation changed = found;
  if (!changed.sequence) changed.sequence = SequenceFacts{.maximum = std::numeric_limits<std::int64_t>::max()};
  for (const Node* each : list(statement.n_options, statement.options)) {
    read_option(execution, changed, *each->def_elem);
  }
  require_order(execution, *changed.sequence);
  if (writes_anew(statement)) {
    execution.lock(changed.id, LockMode::row_exclusive);
    execution.new_file(changed.id);
  }
  execution.catalog.relations.edit(changed.id).sequence = changed.sequence;
  const ColumnUse before = execution.catalog.relations.get(changed.id)->owned_by;
  execution.catalog.own_sequence(changed.id, changed.owned_by);
  for (const ColumnUse& owner : {before, changed.owned_by}) note_serial(execution, owner.relation, owner.column);
}

void execute_sequence(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_SEQ_STMT) return create_sequence(execution, *node.create_seq_stmt);
  alter_sequence(execution, *node.alter_seq_stmt);
}

const Registered<StatementKind> kSequence{{.id = "CreateSeqStmt",
                                           .node = PG_QUERY__NODE__NODE_CREATE_SEQ_STMT,
                                           .execute = execute_sequence,
                                           .also = {PG_QUERY__NODE__NODE_ALTER_SEQ_STMT}}};

}  // namespace
}  // namespace martlet
