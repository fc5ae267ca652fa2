#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/gate_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "cli/safeguards.h"
#include "cli/target.h"
#include "run/gate_record.h"

namespace martlet {
namespace {

std::string moments_text(const Gate& gate) {
  std::vector<std::string> words;
  for (const GateMoment moment : gate.when) words.emplace_back(split_list(moment_words(moment), ' ').front());
  return join(words, ", ");
}

std::string condition_text(const Gate& gate) {
  std::vector<std::string> parts;
  if (gate.success) parts.push_back("success " + gate.success->text());
  if (gate.failure) parts.push_back("failure " + gate.failure->text());
  return join(parts, "; ");
}

void list_configured(Output& output, const std::vector<Gate>& gates) {
  auto& json = output.json()["gates"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const Gate& gate : gates) {
    json.push_back({{"name", gate.name},
                    {"kind", gate.kind},
                    {"check", gate.check},
                    {"when", moments_text(gate)},
                    {"condition", condition_text(gate)},
                    {"on_failure", action_word(gate.on_failure)},
                    {"on_inconclusive", action_word(gate.on_inconclusive)}});
    rows.push_back({{gate.name, Style::strong},
                    {gate.check.empty() || gate.check == gate.name ? gate.kind : gate.kind + " " + gate.check},
                    {moments_text(gate)},
                    {condition_text(gate)},
                    {fmt::format("{} / {}", action_word(gate.on_failure), action_word(gate.on_inconclusive))}});
  }
  if (rows.empty()) {
    output.line("no gate is configured: a [[gate]] in martlet.toml makes one");
  } else {
    output.table({"gate", "kind", "when", "condition", "on failure / inconclusive"}, rows);
  }
}

int list(Context& context) {
  Output& output = context.output;
  list_configured(output, read_gates(context.config));
  auto& json = output.json()["builtins"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const BuiltinGate* builtin : Registry<BuiltinGate>::all()) {
    json.push_back({{"id", builtin->id}, {"value", builtin->value}, {"summary", builtin->summary}});
    rows.push_back(
        {{std::string(builtin->id), Style::strong}, {std::string(builtin->value)}, {std::string(builtin->summary)}});
  }
  output.line();
  output.table({"builtin", "value", "what is measured"}, rows);
  return 0;
}

// Those that are named, configured or builtin; all configured ones where none is.
std::vector<Gate> chosen(const Context& context) {
  std::vector<Gate> configured = read_gates(context.config);
  std::vector<std::string> wanted = context.arguments.positionals();
  wanted.erase(wanted.begin());
  if (wanted.empty()) return configured;
  std::vector<std::string> known;
  for (const Gate& gate : configured) known.push_back(gate.name);
  for (const BuiltinGate* builtin : Registry<BuiltinGate>::all()) {
    if (builtin->needs.empty()) known.emplace_back(builtin->id);
  }
  std::vector<Gate> gates;
  for (const std::string& name : wanted) {
    const auto own = std::ranges::find(configured, name, &Gate::name);
    const BuiltinGate* builtin = Registry<BuiltinGate>::find(name);
    if (own != configured.end()) {
      gates.push_back(*own);
    } else if (builtin && builtin->needs.empty()) {
      gates.push_back(gate_of(*builtin));
    } else {
      const auto meant = nearest(name, known);
      throw Error(ErrorKind::usage, fmt::format("there is no gate \"{}\" that could be measured", name))
          .next(meant ? fmt::format("did you mean {}?", *meant) : "`martlet gates list` shows them");
    }
  }
  return gates;
}

int run_gates(Context& context) {
  const std::vector<Gate> gates = chosen(context);
  GateWorld world(gate_target(context.config));
  auto& json = context.output.json()["gates"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  bool all_passed = true;
  for (const Gate& gate : gates) {
    const GateVerdict verdict = GateTrial(gate).hold(world);
    all_passed = all_passed && verdict.state == GateState::pass;
    json.push_back(verdict_json(gate.name, verdict));
    rows.push_back(verdict_cells(gate.name, verdict));
    rows.back()[0].text = gate_word(verdict.state);
  }
  if (rows.empty()) {
    context.output.line("no gate is configured");
  } else {
    context.output.table({}, rows);
  }
  return all_passed ? 0 : exit_code(ErrorKind::refused);
}

int record(Context& context) {
  std::vector<Gate> gates;
  for (const Gate& gate : chosen(context)) {
    if (has_baseline(gate)) gates.push_back(gate);
  }
  if (gates.empty()) {
    throw Error(ErrorKind::usage, "none of these gates compares a query with a baseline")
        .next("index_used and query_regression do (docs/gates.md)");
  }
  auto& json = context.output.json()["baselines"] = nlohmann::ordered_json::array();
  for (const auto& [name, profile] : record_baselines(common_settings(context), gate_target(context.config), gates)) {
    json.push_back({{"gate", name}, {"cost", profile.cost}, {"ms", profile.ms}, {"indexes", profile.indexes}});
    context.output.line(fmt::format("{}: {:.2f} ms, cost {:.0f}, {}", name, profile.ms, profile.cost,
                                    profile.indexes.empty() ? "no index" : join(profile.indexes, ", ")));
  }
  return 0;
}

int watch(Context& context) {
  Output& output = context.output;
  RunSettings settings = run_settings(context);
  settings.safeguards = safeguards(context);
  const RunView view(context, "gates watch", settings.who);
  settings.events = &view.events();
  const WatchedRun watched = watch_last_run(settings);
  auto& json = output.json()["gates"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const auto& [name, verdict] : watched.verdicts) {
    json.push_back(verdict_json(name, verdict));
    rows.push_back(verdict_cells(name, verdict));
  }
  output.json()["run_id"] = watched.run_id;
  if (!rows.empty()) output.table({}, rows);
  if (watched.refused.empty()) return 0;
  throw Error(ErrorKind::refused, watched.refused)
      .leaves(watched.left.empty() ? fmt::format("the database is at {}, as the run left it", watched.version)
                                   : watched.left)
      .next("see what happened with `martlet history -v`");
}

struct Action {
  std::string_view name;
  int (*run)(Context&);
};
constexpr Action kActions[] = {{"list", list}, {"run", run_gates}, {"record", record}, {"watch", watch}};

int run(Context& context) {
  const std::string wanted = context.arguments.positional(0);
  if (wanted.empty()) return list(context);
  std::vector<std::string> names;
  for (const Action& action : kActions) {
    names.emplace_back(action.name);
    if (action.name == wanted) return action.run(context);
  }
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("gates has no \"{}\"", wanted))
      .next(meant ? fmt::format("did you mean `martlet gates {}`?", *meant) : "it has: " + join(names, ", "));
}

const Registered<Command> kCommand{{
    .id = "gates",
    .summary = "what must hold before, during and after a run: list, run, record, watch",
    .details =
        "list: the gates of martlet.toml, and those that are builtin. run [NAME…]: measures these now, as often as\n"
        "they ask for; without a name all that are configured; a builtin need not be. record [NAME…]: from now on\n"
        "queries of index_used and query_regression are compared with how they are now. watch: one look at every gate\n"
        "whose watch_after, counted from the last run, is not over, for cron: one that fails is recorded, told, and\n"
        "takes the run back where it says so.\n\n"
        "Exit code of run and watch: 0 where all pass, else 9; what could not be decided has not passed.",
    .positionals = {{"ACTION", "list, run, record or watch", Positional::Arity::optional},
                    {"NAME", "of the gates", Positional::Arity::any}},
    .examples = {"martlet gates", "martlet gates run", "martlet gates run blocked_sessions replica_lag --json",
                 "martlet gates record", "martlet gates watch"},
    .run = run,
    .group = "Checks",
}};

}  // namespace
}  // namespace martlet
