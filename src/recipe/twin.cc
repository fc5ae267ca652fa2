#include "recipe/twin.h"

#include <fmt/format.h>

#include "effects/coercion.h"
#include "recipe/build.h"
#include "recipe/definition.h"

namespace martlet {
namespace {

std::string sync_name(const Twin& twin) {
  return quote_where_needed(object_name(twin.table.name, twin.name, "sync"));
}

// Triggers fire in the order of their names: this one behind those that change the row as well.
std::string trigger_name(const Twin& twin) {
  return quote_where_needed(object_name("zz_" + twin.table.name, twin.name, "sync"));
}

std::string function_name(const Operation& operation, const Twin& twin) {
  const std::string table = name_in(operation, twin.table);
  const bool bare = table == quote_where_needed(twin.table.name);
  return bare ? sync_name(twin) : quote_where_needed(twin.table.schema) + "." + sync_name(twin);
}

// The first column's value as the second one holds it, from the row that is written.
std::string forth_sql(const Twin& twin) {
  const std::string first = quote_where_needed(twin.original.name);
  const std::string& value = twin.assigned.empty() ? twin.value : twin.assigned;
  if (value.empty() || value == first) return "NEW." + first;
  return fmt::format("(SELECT {} FROM (SELECT NEW.*) AS it)", value);
}

std::string function_head(const Operation& operation, const Twin& twin) {
  return fmt::format("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$\n", function_name(operation, twin));
}

std::string one_way_sql(const Operation& operation, const Twin& twin) {
  return fmt::format("{}BEGIN\n  NEW.{} := {};\n  RETURN NEW;\nEND $$", function_head(operation, twin),
                     quote_where_needed(twin.name), forth_sql(twin));
}

// Does a row that is inserted with the second column have the first one from a statement, too? Its default tells,
// unless that gives another value each time (an identity, a sequence): then the second one counts.
std::string first_is_given(const Twin& twin) {
  const Column& original = twin.original;
  const bool varies = original.identity != Column::Identity::none || original.owned_sequence ||
                      original.default_volatility >= Volatility::volatile_;
  if (varies) return "false";
  return fmt::format("NEW.{} IS DISTINCT FROM ({})", quote_where_needed(original.name),
                     original.default_sql.empty() ? "NULL" : original.default_sql);
}

// An INSERT names one of the two, or both with the same value; an UPDATE changes one, or both alike.
std::string both_ways_sql(const Operation& operation, const Twin& twin) {
  const std::string complaint =
      fmt::format("columns {} and {} were set to different values", twin.original.name, twin.name);
  return fmt::format(
      "{0}DECLARE\n"
      "  first_changed boolean := true;\n"
      "  second_changed boolean := NEW.{2} IS NOT NULL;\n"
      "BEGIN\n"
      "  IF TG_OP = 'UPDATE' THEN\n"
      "    first_changed := NEW.{1} IS DISTINCT FROM OLD.{1};\n"
      "    second_changed := NEW.{2} IS DISTINCT FROM OLD.{2};\n"
      "  ELSIF second_changed THEN\n"
      "    first_changed := {4};\n"
      "  END IF;\n"
      "  IF first_changed AND second_changed AND NEW.{2} IS DISTINCT FROM {3} THEN\n"
      "    RAISE EXCEPTION USING MESSAGE = {5};\n"
      "  ELSIF second_changed THEN\n"
      "    NEW.{1} := NEW.{2};\n"
      "  ELSE\n"
      "    NEW.{2} := {3};\n"
      "  END IF;\n"
      "  RETURN NEW;\n"
      "END $$",
      function_head(operation, twin), quote_where_needed(twin.original.name), quote_where_needed(twin.name),
      forth_sql(twin), first_is_given(twin), quote_literal(complaint, Dialect::postgres));
}

std::string function_sql(const Operation& operation, const Twin& twin) {
  return twin.direction == Twin::Direction::forth ? one_way_sql(operation, twin) : both_ways_sql(operation, twin);
}

}  // namespace

std::vector<RecipeStep> add_twin(const Operation& operation, const Twin& twin) {
  const std::string type = twin.type.empty() ? type_text(operation.catalog, twin.original.type) : twin.type;
  if (type.empty() || !twin.original.type.type) return {};
  const std::string first = quote_where_needed(twin.original.name);
  const std::string second = quote_where_needed(twin.name);
  const std::string value = twin.value.empty() ? first : twin.value;
  const std::string differs = fmt::format("{} IS DISTINCT FROM {}", second, value);
  // The trigger fills the second column whenever the row is written.
  auto fill = batched_update(operation, twin.table,
                             fmt::format("{} = {}", second, twin.assigned.empty() ? value : twin.assigned), differs);
  if (!fill) return {};
  const std::string collation = twin.type.empty() ? collate_clause(twin.original.collation) : "";
  std::vector<RecipeStep> steps = {
      step(alter_table(operation, twin.table, fmt::format("ADD COLUMN {} {}{}", second, type, collation))),
      step(function_sql(operation, twin)),
      step(fmt::format("CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {}()",
                       trigger_name(twin), name_in(operation, twin.table), function_name(operation, twin)),
           "from here on every row that is written has both"),
  };
  join_steps(steps, 0);
  steps.push_back(batch(operation, twin.table, std::move(*fill)));
  return steps;
}

std::vector<RecipeStep> drop_twin_trigger(const Operation& operation, const Twin& twin) {
  return {step(fmt::format("DROP TRIGGER {} ON {}", trigger_name(twin), name_in(operation, twin.table))),
          step(fmt::format("DROP FUNCTION {}()", function_name(operation, twin)))};
}

}  // namespace martlet
