// ADD COLUMN with what would rewrite or read the table: the bare column is metadata only; its default holds for new
// rows at once, old ones are filled in batches, and constraints are proven while the table is in use.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/coercion.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

using Type = PgQuery__ConstrType;

const PgQuery__Constraint* find(const PgQuery__ColumnDef& column, Type type) {
  for (const Node* each : list(column.n_constraints, column.constraints)) {
    if (each->constraint->contype == type) return each->constraint;
  }
  return nullptr;
}

bool has_attributes(const PgQuery__ColumnDef& column) {
  return find(column, PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) ||
         find(column, PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED);
}

// What may stay in ADD COLUMN where the default is a constant.
bool is_metadata(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL ||
         constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL ||
         constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT;
}

bool is_nothing(const PgQuery__Constraint&) {
  return false;
}

class AddColumn {
 public:
  AddColumn(const Operation& operation, const Column& column, const PgQuery__ColumnDef& definition)
      : operation_(operation),
        table_(*operation.table),
        column_(column),
        definition_(definition),
        name_(quote_where_needed(column.name)) {}

  std::vector<RecipeStep> steps;

  // False where this cannot be done in steps.
  bool add() {
    if (column_.identity != Column::Identity::none) return add_identity();
    if (column_.owned_sequence) return add_serial();
    const PgQuery__Constraint* value = find(definition_, PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT);
    if (value && column_.default_volatility != Volatility::immutable &&
        column_.default_volatility != Volatility::stable) {
      add_with_default(deparse_expression(*value->raw_expr), "");
      return fill();
    }
    ColumnWithout bare(definition_, is_metadata);
    steps.push_back(step(alter_with(operation_, bare.add_column(*operation_.command)), "metadata only"));
    return true;
  }

 private:
  std::string alter(std::string_view action) const { return alter_table(operation_, table_, action); }

  // `type` "" = as the definition says.
  void add_with_default(const std::string& value, const std::string& type) {
    ColumnWithout bare(definition_, is_nothing);
    const std::string add = type.empty() ? alter_with(operation_, bare.add_column(*operation_.command))
                                         : alter(fmt::format("ADD COLUMN {} {}", name_, type));
    steps.push_back(step(fmt::format("{}, ALTER COLUMN {} SET DEFAULT {}", add, name_, value),
                         "metadata only: the default holds for new rows"));
  }

  bool fill() {
    auto change =
        batched_update(operation_, table_, fmt::format("{} = DEFAULT", name_), fmt::format("{} IS NULL", name_));
    if (!change) return false;
    steps.push_back(batch(operation_, table_, std::move(*change)));
    if (column_.not_null) append(steps, set_not_null(operation_, table_, {column_.name}));
    return true;
  }

  bool add_serial() {
    const Relation* sequence = operation_.catalog.relations.get(column_.owned_sequence);
    if (!sequence) return false;
    const std::string type = type_text(operation_.catalog, column_.type);
    const std::string name = name_in(operation_, *sequence);
    steps.push_back(step(fmt::format("CREATE SEQUENCE {} AS {}", name, type)));
    add_with_default(fmt::format("nextval({})", quote_literal(name, Dialect::postgres)), type);
    steps.push_back(step(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name, name_in(operation_, table_), name_)));
    join_steps(steps, 0);
    return fill();
  }

  // An identity column must be NOT NULL first; until then another sequence gives the numbers.
  bool add_identity() {
    const PgQuery__Constraint* identity = find(definition_, PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY);
    const Relation* sequence = operation_.catalog.relations.get(column_.owned_sequence);
    if (!identity || identity->n_options || !sequence) return false;
    const std::string type = type_text(operation_.catalog, column_.type);
    Relation filler{.schema = table_.schema};
    filler.name = free_relation(operation_, table_.schema, object_name(table_.name, column_.name, "fill"));
    const bool bare = name_in(operation_, table_) == quote_where_needed(table_.name);
    const std::string fill_name = QualifiedName{bare ? "" : table_.schema, filler.name}.text();
    const std::string target = quote_literal(name_in(operation_, *sequence), Dialect::postgres);
    steps.push_back(step(fmt::format("CREATE SEQUENCE {} AS {}", fill_name, type)));
    add_with_default(fmt::format("nextval({})", quote_literal(fill_name, Dialect::postgres)), type);
    join_steps(steps, 0);
    if (!fill()) return false;
    const std::size_t last = steps.size();
    steps.push_back(
        step(alter(fmt::format("ALTER COLUMN {0} DROP DEFAULT, ALTER COLUMN {0} ADD GENERATED {1} AS IDENTITY", name_,
                               column_.identity == Column::Identity::always ? "ALWAYS" : "BY DEFAULT"))));
    steps.push_back(step(fmt::format("SELECT setval({}, (SELECT last_value FROM {}))", target, fill_name),
                         "numbers go on where the filling ended"));
    steps.push_back(step(fmt::format("DROP SEQUENCE {}", fill_name)));
    join_steps(steps, last);
    return true;
  }

  const Operation& operation_;
  const Relation& table_;
  const Column& column_;
  const PgQuery__ColumnDef& definition_;
  const std::string name_;
};

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  const bool adds = after && operation.command && operation.command->def &&
                    operation.command->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF;
  if (!adds) return {};
  const PgQuery__ColumnDef& definition = *operation.command->def->column_def;
  const Column* column = after->column(std::string_view(definition.colname));
  if (!column || column->generated || has_attributes(definition)) return {};
  if (has_domain_constraints(operation.catalog, column->type.type)) return {};
  AddColumn adding(operation, *column, definition);
  if (!adding.add() || !add_column_constraints(operation, definition, adding.steps)) return {};
  return std::move(adding.steps);
}

const Registered<Recipe> kRecipe{{
    .id = "add-column",
    .summary = "add the bare column, fill it in batches, then add its constraints without blocking",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
