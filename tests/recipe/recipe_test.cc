// What recipes promise, on a real server: they end in the schema that the statement ends in, and no step holds a lock
// that keeps others from reading or writing together with a scan or a rewrite; neither predicted nor measured.
#include "recipe/recipe.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "base/text_diff.h"
#include "effects/execute.h"
#include "effects/measure.h"
#include "schema/dump.h"
#include "tests/recipe/recipe_case.h"
#include "tests/support/cluster.h"

namespace martlet::testing {
namespace {

void run(Connection& connection, const std::string& sql) {
  for (const Statement& each : split({sql, "case"}, Dialect::postgres)) connection.execute(each.text);
}

const PgQuery__RangeVar* range_of(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return node.alter_table_stmt->relation;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return node.index_stmt->relation;
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return node.rename_stmt->relation;
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      return node.alter_object_schema_stmt->relation;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return node.insert_stmt->relation;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return node.update_stmt->relation;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return node.delete_stmt->relation;
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      return node.refresh_mat_view_stmt->relation;
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return node.create_stmt->n_inh_relations ? node.create_stmt->inh_relations[0]->range_var
                                               : node.create_stmt->relation;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      return node.create_table_as_stmt->query->select_stmt->from_clause[0]->range_var;
    default:
      return nullptr;
  }
}

QualifiedName name_of(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_DROP_STMT) {
    const PgQuery__List& name = *node.drop_stmt->objects[0]->list;
    return qualified_name(name.n_items, name.items);
  }
  const PgQuery__RangeVar* range = range_of(node);
  return range ? qualified_name(*range) : QualifiedName();
}

/// The recipe's steps for the statement, on this catalog.
std::vector<RecipeStep> steps_for(const RecipeCase& one, Catalog catalog) {
  std::vector<RecipeStep> steps;
  const Recipe* recipe = Registry<Recipe>::find(one.recipe);
  EXPECT_NE(recipe, nullptr) << one.recipe;
  if (!recipe) return steps;
  SessionState session;
  catalog.record();
  visit_trees(split({one.statement, "case"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    const CatalogMark mark = catalog.mark();
    const Effects effects = execute(statement, tree, catalog, session);
    EXPECT_TRUE(effects.known) << effects.unknown_reason;
    const Node* node = statement_node(*tree.nodes);
    const CatalogBefore before(catalog, mark);
    const QualifiedName name = name_of(*node);
    const std::string schema = name.schema.empty() ? "public" : name.schema;
    Operation operation{
        .statement = statement, .node = *node, .catalog = catalog, .before = before, .session = session};
    operation.table = before.relation(schema, name.name);
    if (!operation.table) operation.table = catalog.relations.find(schema, name.name);
    if (node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
      operation.command = node->alter_table_stmt->cmds[0]->alter_table_cmd;
      const Node* definition = operation.command->def;
      if (definition && definition->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
        operation.constraint = definition->constraint;
      }
    }
    steps = steps_of(*recipe, operation);
  });
  EXPECT_FALSE(steps.empty()) << "the recipe has no steps here";
  return steps;
}

/// Relations that nobody can read or write while the statement goes through their rows.
std::string blocked_work(const Effects& effects, const std::set<std::string>& in_use) {
  std::string found;
  for (const RelationEffect& each : effects.relations) {
    const bool works = each.scan || each.rewrite;
    // Nobody writes to a materialized view.
    const bool is_view = each.kind == RelationKind::materialized_view;
    const bool blocks = is_view ? blocks_reads(each.strongest()) : blocks_writes(each.strongest());
    if (works && blocks && in_use.contains(each.name)) {
      found += fmt::format("{} {} ", each.name, lock_name(each.strongest()));
    }
  }
  return found;
}

// Locks are kept until the transaction ends.
void add(Effects& all, const Effects& more) {
  for (const RelationEffect& each : more.relations) {
    const auto at = std::ranges::find(all.relations, each.name, &RelationEffect::name);
    if (at == all.relations.end()) {
      all.relations.push_back(each);
      continue;
    }
    at->locks.push_back(std::max(at->strongest(), each.strongest()));
    at->scan = at->scan || each.scan;
    at->rewrite = at->rewrite || each.rewrite;
  }
}

/// A recipe on its way through a database.
class Course {
 public:
  Course(Connection& connection, bool predicted)
      : connection_(connection), catalog_(read_catalog(connection)), predicted_(predicted) {
    catalog_.relations.each([&](const Relation& each) { in_use_.insert(each.name); });
  }

  void run(const std::vector<RecipeStep>& steps) {
    for (std::size_t i = 0; i < steps.size();) {
      std::size_t end = i + 1;
      while (steps[i].transaction && end < steps.size() && steps[end].transaction == steps[i].transaction) ++end;
      run_together({steps.begin() + static_cast<std::ptrdiff_t>(i), steps.begin() + static_cast<std::ptrdiff_t>(end)});
      i = end;
    }
  }

 private:
  void run_together(const std::vector<RecipeStep>& steps) {
    SCOPED_TRACE(render(steps));
    Effects predicted;
    std::vector<Statement> statements;
    for (const RecipeStep& step : steps) {
      add(predicted, predict(step));
      for (Statement& each : split({step.sql, "recipe"}, Dialect::postgres)) statements.push_back(std::move(each));
    }
    if (predicted_) {
      EXPECT_EQ(blocked_work(predicted, in_use_), "") << "predicted";
    }
    if (steps.front().batch) return repeat(steps.front());
    Measurement measurement(connection_);
    const Effects measured = measurement.measure(statements, {.afterwards = Afterwards::keep});
    EXPECT_FALSE(measured.error) << measured.error->message;
    EXPECT_EQ(measured.transactional, steps.front().transactional);
    if (measured.transactional) {
      EXPECT_EQ(blocked_work(measured, in_use_), "") << "measured";
    }
  }

  Effects predict(const RecipeStep& step) {
    Effects all;
    SessionState session;
    visit_trees(split({step.sql, "recipe"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
      const Effects effects = execute(statement, tree, catalog_, session);
      EXPECT_TRUE(effects.known) << statement.text << ": " << effects.unknown_reason;
      EXPECT_FALSE(effects.error) << statement.text << ": " << effects.error->message;
      add(all, effects);
    });
    return all;
  }

  void repeat(const RecipeStep& step) {
    constexpr int kMost = 10;  // the cases have few rows
    int rounds = 0;
    while (connection_.execute(step.sql).affected > 0 && rounds < kMost) ++rounds;
    EXPECT_GT(rounds, 0) << "it changes nothing";
    EXPECT_LT(rounds, kMost) << "it never comes to an end";
  }

  Connection& connection_;
  Catalog catalog_;
  bool predicted_;
  std::set<std::string> in_use_;
};

/// Only the lines that were taken away or added.
std::vector<std::string> changed_lines(const std::string& before, const std::string& after) {
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(unified_diff(before, after, "a", "b"))) {
    const bool counts = (line.starts_with("+") || line.starts_with("-")) && line.size() > 1;
    if (counts && !line.starts_with("+++") && !line.starts_with("---")) lines.push_back(line);
  }
  return lines;
}

TEST(Recipes, EndInTheSchemaOfTheStatementAndBlockNobody) {
  for (const RecipeCase& one : all_recipe_cases()) {
    SCOPED_TRACE(::testing::PrintToString(one));
    try {
      const TestDatabase plain = fresh_database();
      const TestDatabase stepwise = fresh_database();
      auto first = plain.connect();
      auto second = stepwise.connect();
      for (Connection* each : {first.get(), second.get()}) testing::run(*each, one.setup);
      const std::vector<RecipeStep> steps = steps_for(one, read_catalog(*second));
      testing::run(*first, one.statement);
      Course(*second, one.predicted).run(steps);
      EXPECT_EQ(text_of(changed_lines(dump_schema(*first, plain.url(), {}), dump_schema(*second, stepwise.url(), {}))),
                text_of(one.differs));
    } catch (const Error& error) {
      ADD_FAILURE() << error.message << ": " << error.statement;
    }
  }
}

TEST(Recipes, AllHaveACase) {
  std::set<std::string> tested;
  for (const RecipeCase& one : all_recipe_cases()) tested.insert(one.recipe);
  for (const Recipe* each : Registry<Recipe>::all()) {
    EXPECT_TRUE(tested.contains(std::string(each->id))) << each->id << " has no case in tests/recipe/cases";
  }
}

}  // namespace
}  // namespace martlet::testing
