#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "base/registry.h"
#include "base/text.h"
#include "cli/effects_cases.h"
#include "cli/effects_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/target.h"
#include "effects/agreement.h"
#include "effects/execute.h"
#include "effects/measure.h"
#include "run/rehearsal.h"
#include "sql/tree.h"

namespace martlet {
namespace {

constexpr int kSampleRows = 1000;

/// What the statements are executed on.
struct Model {
  Catalog catalog;
  SessionState session;
};

Model model_of_target(Context& context) {
  const bool wants_none = context.arguments.has("no-database");
  if (wants_none || !has_target(context.config)) {
    if (!wants_none) context.output.warn("no database is configured: judged without one");
    return {empty_catalog(), {}};
  }
  if (target_dialect(context.config) != Dialect::postgres) {
    throw Error(ErrorKind::usage, "effects knows PostgreSQL, and the database is SQLite")
        .next("give the --url of a PostgreSQL database, or --no-database");
  }
  const auto connection = connect_target(context.config, target_identity(context.config));
  return {read_catalog(*connection), read_session_state(*connection)};
}

/// As it was before the statement: unqualified where the search path finds it.
std::string shown_name(const RelationEffect& relation, const CatalogBefore& before, const SessionState& session) {
  if (relation.schema == "pg_temp") return relation.name;
  for (const std::string& each : session.search_path) {
    const std::string& schema = each == "$user" ? session.user : each;
    if (schema == relation.schema) return relation.name;
    if (before.relation(schema, relation.name)) break;
  }
  return relation.schema + "." + relation.name;
}

Error syntax_error(const Statement& statement, const Tree& tree) {
  Error error(ErrorKind::validation, tree.error);
  error.at(statement.place).with_sqlstate("42601");
  error.statement = statement.text;
  error.position = tree.error_position;
  return error;
}

/// The answer to one case; the model is left as the case leaves it.
struct Answered {
  EffectsAnswer answer;
  Effects together;  // of all its statements
  std::optional<Error> problem;
};

Answered answer(const EffectsCase& of, Model& model) {
  Answered result{.answer = {.statement = of.text}};
  const CatalogBefore at_begin(model.catalog, model.catalog.mark());
  visit_trees(of.statements, [&](const Statement& statement, const Tree& tree) {
    if (result.together.error) return;
    const CatalogBefore before(model.catalog, model.catalog.mark());
    const SessionState session = model.session;
    Effects effects = execute(statement, tree, model.catalog, model.session);
    if (!tree.error.empty() && tree.analysed) result.problem = syntax_error(statement, tree);
    result.answer.names.clear();
    for (const RelationEffect& each : effects.relations) {
      result.answer.names.push_back(shown_name(each, before, session));
    }
    result.answer.predicted = effects;
    std::erase_if(effects.relations, [&](const RelationEffect& each) { return !at_begin.relation(each.id); });
    add_later(result.together, effects);
  });
  return result;
}

Answered answer_problem(const EffectsCase& of) {
  Answered result{.answer = {.statement = of.text}, .together = {}, .problem = of.problem};
  result.answer.predicted.error = {"42601", of.problem->message};
  return result;
}

/// Where statements are really run, with --measure.
class Bench {
 public:
  Bench(Context& context, const Model& model)
      : rehearsal_(run_settings(context), context.config.text("scratch_url"), model.catalog, sample_rows(context)) {
    for (const std::string& each : rehearsal_.lacks()) context.output.warn("not in the copy: " + each);
    context.output.line(fmt::format("measured {}", rehearsal_.where()), Style::dim);
    Connection& connection = rehearsal_.connection();
    connection.execute("SELECT set_config('TimeZone', $1, false), set_config('search_path', $2, false)",
                       {model.session.time_zone, search_path(model.session)});
    measurement_ = std::make_unique<Measurement>(connection);
  }

  void run(const EffectsCase& of, bool keep, Answered& answered) {
    const MeasureOptions options{.afterwards = keep ? Afterwards::keep : Afterwards::roll_back, .look = {}};
    answered.answer.measured = measurement_->measure(of.statements, options);
    answered.answer.up_to_the_rows = is_up_to_the_rows(answered.together, *answered.answer.measured);
    if (answered.together.known && !answered.answer.up_to_the_rows) {
      answered.answer.disagrees = disagreements(answered.together, *answered.answer.measured);
    }
  }

 private:
  static int sample_rows(const Context& context) {
    if (!context.arguments.has("rows")) return kSampleRows;
    const std::string text = context.arguments.text("rows");
    int rows = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), rows);
    if (failure == std::errc() && end == text.data() + text.size() && rows >= 0) return rows;
    throw Error(ErrorKind::usage, fmt::format("--rows {}: not a number of rows", text));
  }
  static std::string search_path(const SessionState& session) {
    std::vector<std::string> schemas;
    for (const std::string& each : session.search_path) schemas.push_back(quote_identifier(each));
    return join(schemas, ", ");
  }

  Rehearsal rehearsal_;
  std::unique_ptr<Measurement> measurement_;
};

void show(Output& output, const Answered& answered) {
  if (output.options().json) return output.record(effects_json(answered.answer));
  if (answered.problem) return output.fail(*answered.problem);
  show_effects(output, answered.answer);
}

std::unique_ptr<Bench> bench_for(Context& context, const Model& model) {
  if (!context.arguments.has("measure")) return nullptr;
  if (!model.catalog.complete) {
    throw Error(ErrorKind::usage, "--measure needs a database whose schema can be copied")
        .next("give --url or --env, and leave out --no-database");
  }
  return std::make_unique<Bench>(context, model);
}

int run(Context& context) {
  const EffectsCases asked = read_effects_cases(context.arguments);
  Model model = model_of_target(context);
  const std::unique_ptr<Bench> bench = bench_for(context, model);
  model.catalog.record();
  const SessionState session = model.session;
  bool is_sound = true;
  for (const EffectsCase& each : asked.cases) {
    const CatalogMark mark = model.catalog.mark();
    Answered answered = each.problem ? answer_problem(each) : answer(each, model);
    if (bench && !answered.problem) bench->run(each, asked.in_sequence, answered);
    show(context.output, answered);
    is_sound &= !answered.problem && answered.answer.disagrees.empty();
    if (asked.in_sequence) {
      model.catalog.forget_changes();
    } else {
      model.catalog.roll_back(mark);
      model.session = session;
    }
  }
  return is_sound ? 0 : exit_code(ErrorKind::validation);
}

const Registered<Command> kEffects{
    {.id = "effects",
     .summary = "what statements would do here: locks, rewrites, scans, errors, how long",
     .details =
         "Reads the catalog of the database and executes the statements on a model of it; nothing is changed. For each "
         "relation that was there before: the locks, whether it is rewritten, read from end to end, or (an index) "
         "built anew. Also whether the statement may run in a transaction, the error it would raise, and about how "
         "long it holds its strongest lock.\n\n"
         "Each argument, and each line of standard input, is one question, asked of the database as it is; where it "
         "has several statements, they are applied in order and the answer is the last one's. The statements of a "
         "--file are answered one by one, each on what those before it leave behind.\n\n"
         "Without a database (--no-database), tables that nobody created are taken to exist and to be large, and what "
         "was assumed is said.\n\n"
         "With --json one object a question, each on a line of its own and nothing around them: {\"statement\", "
         "\"relations\": [{\"name\", \"locks\", \"rewrite\", \"scan\", \"rebuilt\"}], \"transactional\", \"error\": "
         "SQLSTATE or null, \"estimate_ms\": [from, to] or null, \"known\"}.\n\n"
         "--measure runs them as well, on a scratch copy of the schema with some rows of each table (see scratch_url), "
         "and shows where what happened differs from what was predicted; with --json as \"measured\" and "
         "\"disagrees\". Several statements of one question are measured together.\n\n"
         "Leaves with code 4 where a statement does not parse, or a measurement differs.",
     .options = {{"-f,--file", "FILE", "read statements from a file (- = standard input)"},
                 {"--no-database", "", "judge without a database"},
                 {"--measure", "", "also run them on a scratch copy, and compare"},
                 {"--rows", "N", "how many rows of each table the copy gets (1000)"}},
     .positionals = {{"SQL", "statements; - = lines of standard input", Positional::Arity::any}},
     .examples = {"martlet effects \"ALTER TABLE orders ALTER COLUMN id TYPE bigint\"",
                  "martlet effects --no-database \"CREATE INDEX ON orders (customer)\"",
                  "martlet effects --measure \"ALTER TABLE orders ALTER COLUMN note SET NOT NULL\"",
                  "martlet effects --file migrations/V007__orders.sql --json"},
     .run = run,
     .group = "Looking",
     .read_only = true}};

}  // namespace
}  // namespace martlet
