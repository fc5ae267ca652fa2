// ADD COLUMN of a domain with constraints: a column of the type below it, with the domain's CHECKs as constraints of
// the table. The column is not of the domain afterwards: that would take the rewrite.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/coercion.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "recipe/parts.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// The domain's condition with the column for VALUE.
std::string about(const std::string& condition, const std::string& column) {
  Lexer words(condition, Dialect::postgres);
  std::string text;
  std::size_t copied = 0;
  for (Token token = words.next(); token.kind != Token::Kind::end; token = words.next()) {
    if (!token.is("value")) continue;
    text += condition.substr(copied, token.offset - copied) + column;
    copied = token.offset + token.text.size();
  }
  return text + condition.substr(copied);
}

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  const bool adds = after && operation.command && operation.command->def &&
                    operation.command->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF;
  if (!adds) return {};
  const Column* column = after->column(std::string_view(operation.command->def->column_def->colname));
  if (!column || column->default_volatility >= Volatility::volatile_) return {};
  const std::string name = quote_where_needed(column->name);
  const TypeUse base = base_type(operation.catalog, column->type);
  const std::string value = column->default_sql.empty() ? "" : " DEFAULT " + column->default_sql;
  std::vector<RecipeStep> steps = {
      step(alter_table(operation, *after,
                       fmt::format("ADD COLUMN {} {}{}{}", name, type_text(operation.catalog, base),
                                   collate_clause(column->collation), value)),
           "of the type below the domain: the column is not of the domain afterwards")};
  const Type* domain = operation.catalog.types.get(column->type.type);
  for (; domain && domain->kind == Type::Kind::domain; domain = operation.catalog.types.get(domain->base.type)) {
    for (const Constraint& each : domain->checks) {
      const std::string guard =
          quote_where_needed(free_constraint(operation, *after, object_name(after->name, column->name, "check")));
      steps.push_back(step(
          alter_table(operation, *after,
                      fmt::format("ADD CONSTRAINT {} CHECK ({}) NOT VALID", guard, about(each.expression, name)))));
      steps.push_back(step(alter_table(operation, *after, "VALIDATE CONSTRAINT " + guard),
                           "reads the table while it is read and written"));
    }
  }
  if (column->not_null || is_domain_not_null(operation.catalog, column->type.type)) {
    append(steps, set_not_null(operation, *operation.table, {column->name}));
  }
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "add-domain-column",
    .summary =
        "a column of the type below the domain, its CHECKs as NOT VALID constraints of the table, validated later",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
