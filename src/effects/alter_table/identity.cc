// ALTER TABLE … ALTER COLUMN … ADD GENERATED, SET GENERATED, DROP IDENTITY, DROP EXPRESSION (tablecmds.c,
// ATExecAddIdentity, ATExecSetIdentity, ATExecDropIdentity, ATExecDropExpression).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/coercion.h"
#include "effects/definition.h"

namespace martlet {
namespace {

std::string named(const AlterStep& step, const Column& column) {
  return fmt::format("column \"{}\" of relation \"{}\"", column.name, step.relation().name);
}

// The sequence is made from the type first (parse_utilcmd.c, generateSerialExtraStmts).
void require_integer(const AlterStep& step, const Column& column) {
  const ObjectId base = base_type(step.execution().catalog, column.type).type;
  if (base == 0 || base == type_id::int2 || base == type_id::int4 || base == type_id::int8) return;
  step.fail("22023", "identity column type must be smallint, integer, or bigint");
}

char mode_of(const PgQuery__Constraint& constraint) {
  return *constraint.generated_when;
}

void add_identity(const AlterStep& step) {
  const Column column = existing_column(step, step.command.name);
  require_integer(step, column);
  if (!column.not_null && column.type.type) {
    step.fail("55000", named(step, column) + " must be declared NOT NULL before identity can be added");
  }
  if (column.identity != Column::Identity::none) {
    step.fail("55000", named(step, column) + " is already an identity column");
  }
  if (!column.default_sql.empty()) step.fail("55000", named(step, column) + " already has a default value");
  const ObjectId sequence = make_owned_sequence(step.execution(), step.relation(), column);
  Column& changed = *step.edit().column(column.number);
  const bool always = mode_of(*step.command.def->constraint) == 'a';
  changed.identity = always ? Column::Identity::always : Column::Identity::by_default;
  changed.not_null = true;
  changed.owned_sequence = sequence;
}

const Column& existing_identity(const AlterStep& step) {
  const Column& column = existing_column(step, step.command.name);
  if (column.identity == Column::Identity::none && column.type.type) {
    step.fail("55000", named(step, column) + " is not an identity column");
  }
  return column;
}

std::string_view generated_when(const PgQuery__DefElem& option) {
  if (!option.arg || option.arg->node_case != PG_QUERY__NODE__NODE_INTEGER) return "";
  return option.arg->integer->ival == 'a' ? "a" : "d";
}

// Everything but GENERATED is the sequence's (an ALTER SEQUENCE that is executed with it).
void set_identity(const AlterStep& step) {
  const Column column = existing_identity(step);
  bool alters_sequence = false;
  for (const Node* each : list(step.command.def->list->n_items, step.command.def->list->items)) {
    const PgQuery__DefElem& option = *each->def_elem;
    if (std::string_view(option.defname) != "generated") {
      alters_sequence = true;
      continue;
    }
    step.edit().column(column.number)->identity =
        generated_when(option) == "a" ? Column::Identity::always : Column::Identity::by_default;
  }
  if (!column.owned_sequence) return;
  step.execution().lock(column.owned_sequence, LockMode::share_row_exclusive);
  if (alters_sequence) step.execution().new_file(column.owned_sequence);
}

void drop_identity(const AlterStep& step) {
  const Column& found = existing_column(step, step.command.name);
  if (step.command.missing_ok && found.identity == Column::Identity::none) return;
  const Column column = existing_identity(step);
  Column& changed = *step.edit().column(column.number);
  changed.identity = Column::Identity::none;
  changed.owned_sequence = 0;
  if (!column.owned_sequence) return;
  step.execution().lock(column.owned_sequence, LockMode::access_exclusive);
  step.execution().catalog.drop_relation(column.owned_sequence);
}

// A child must go on having the expression where its parent has it, and the other way round.
void prepare_drop_expression(const AlterStep& step) {
  if (step.recursing) return;
  if (has_children(step.relation()) && !step.recurse) {
    step.fail("42P16", "ALTER TABLE / DROP EXPRESSION must be applied to child tables too");
  }
  if (existing_column(step, step.command.name).inherited) {
    step.fail("42P16", "cannot drop generation expression from inherited column");
  }
}

void drop_expression(const AlterStep& step) {
  const Column column = existing_column(step, step.command.name);
  if (!column.generated && column.type.type) {
    if (step.command.missing_ok) return;
    step.fail("55000", named(step, column) + " is not a stored generated column");
  }
  Column& changed = *step.edit().column(column.number);
  changed.generated = false;
  changed.default_sql.clear();
  changed.default_volatility = Volatility::immutable;
}

constexpr unsigned kTargets = alter_target::table | alter_target::view | alter_target::foreign_table;

const Registered<AlterAction> kAddIdentity{{
    .id = "AddIdentity",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity,
    .words = "ALTER COLUMN ... ADD IDENTITY",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::add_other_constraint,
    .targets = kTargets,
    .execute = add_identity,
}};

const Registered<AlterAction> kSetIdentity{{
    .id = "SetIdentity",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity,
    .words = "ALTER COLUMN ... SET",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::column_attributes,
    .targets = kTargets,
    .execute = set_identity,
}};

const Registered<AlterAction> kDropIdentity{{
    .id = "DropIdentity",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity,
    .words = "ALTER COLUMN ... DROP IDENTITY",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = kTargets,
    .execute = drop_identity,
}};

const Registered<AlterAction> kDropExpression{{
    .id = "DropExpression",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression,
    .words = "ALTER COLUMN ... DROP EXPRESSION",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = drop_expression,
    .prepare = prepare_drop_expression,
    .recurses = true,
}};

}  // namespace
}  // namespace martlet
