#include <fmt/format.h>

#include "base/cancel.h"
#include "base/registry.h"
#include "base/secret.h"
#include "base/text.h"
#include "cli/command_alerts.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

nlohmann::ordered_json sinks_json(const AlertSettings& settings) {
  auto list = nlohmann::ordered_json::array();
  for (const NamedSink& sink : settings.sinks) {
    list.push_back({{"name", sink.name}, {"kind", sink.kind}, {"where", mask_passwords(sink.sink->where())}});
  }
  return list;
}

nlohmann::ordered_json rules_json(const AlertSettings& settings) {
  auto list = nlohmann::ordered_json::array();
  for (const AlertRule& rule : settings.rules) {
    list.push_back({{"on", rule.trigger->id}, {"over_ms", rule.over.count()}, {"to", rule.sinks}});
  }
  return list;
}

void show_known(Output& output) {
  output.line("triggers, with how long each takes before it is told:");
  std::vector<std::vector<Cell>> rows;
  for (const AlertTrigger* trigger : Registry<AlertTrigger>::all()) {
    rows.push_back({{std::string(trigger->id), Style::strong},
                    {std::string(level_word(trigger->level))},
                    {trigger->ends ? show_duration(trigger->over) : "at once"},
                    {trigger->by_default ? "yes" : ""},
                    {std::string(trigger->help)}});
  }
  output.table({"trigger", "level", "over", "default", "when"}, rows);
  rows.clear();
  for (const SinkKind* kind : Registry<SinkKind>::all()) {
    std::vector<std::string> keys;
    for (const std::string_view key : kind->needs) keys.emplace_back(key);
    for (const std::string_view key : kind->takes) keys.push_back(fmt::format("[{}]", key));
    rows.push_back({{std::string(kind->id), Style::strong}, {join(keys, " ")}, {std::string(kind->help)}});
  }
  output.line();
  output.table({"kind of sink", "keys", "what it does"}, rows);
}

void list(Context& context, const AlertSettings& settings) {
  Output& output = context.output;
  output.json()["sinks"] = sinks_json(settings);
  output.json()["rules"] = rules_json(settings);
  output.json()["problems"] = settings.problems;
  if (settings.sinks.empty() && settings.problems.empty()) {
    output.line("nobody is told anything: there is no [[sink]] in the configuration");
    output.line();
    return show_known(output);
  }
  std::vector<std::vector<Cell>> rows;
  for (const NamedSink& sink : settings.sinks) {
    rows.push_back({{sink.name, Style::strong}, {sink.kind}, {mask_passwords(sink.sink->where())}});
  }
  output.table({"sink", "kind", "where"}, rows);
  rows.clear();
  for (const AlertRule& rule : settings.rules) {
    rows.push_back({{std::string(rule.trigger->id), Style::strong},
                    {rule.trigger->ends ? show_duration(rule.over) : "at once"},
                    {join(rule.sinks, ", ")}});
  }
  output.line();
  output.table({"alert on", "after", "to"}, rows);
  for (const std::string& problem : settings.problems) output.warn(problem);
}

Alert test_alert(const Context& context, const Identity& who) {
  Alert alert{.trigger = "test", .what = "a test of martlet's alerts", .text = "Nothing has happened."};
  alert.origin = alert_origin(context.config, "alerts test", who);
  alert.at = alert.begun = std::chrono::system_clock::now();
  return alert;
}

// Why it was not delivered, "" where it was.
std::string try_sink(const NamedSink& sink, const Alert& alert) {
  try {
    sink.sink->send(alert, {.timeout = sink.timeout, .stop = cancel::requested});
    return {};
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    return mask_passwords(error.next_step.empty() ? error.message : error.message + "; " + error.next_step);
  }
}

std::vector<NamedSink> chosen_sinks(const AlertSettings& settings, const std::string& wanted) {
  std::vector<std::string> names;
  for (const NamedSink& sink : settings.sinks) {
    if (sink.name == wanted) return {sink};
    names.push_back(sink.name);
  }
  if (wanted.empty() && !names.empty()) return settings.sinks;
  if (!settings.problems.empty())
    throw Error(ErrorKind::usage, settings.problems.front()).next("set it, then try again");
  if (wanted.empty())
    throw Error(ErrorKind::usage, "there is no [[sink]] in the configuration")
        .next("add one to martlet.toml: `martlet alerts` lists the kinds, docs/alerts.md has examples");
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("there is no sink \"{}\"", wanted))
      .next(meant ? fmt::format("did you mean {}?", *meant) : "there are: " + join(names, ", "));
}

int test(Context& context, const AlertSettings& settings, const std::string& wanted) {
  const Alert alert = test_alert(context, target_identity(context.config));
  auto& tried = context.output.json()["tried"] = nlohmann::ordered_json::array();
  bool all_good = true;
  for (const NamedSink& sink : chosen_sinks(settings, wanted)) {
    const std::string why = try_sink(sink, alert);
    all_good = all_good && why.empty();
    tried.push_back({{"sink", sink.name}, {"delivered", why.empty()}, {"problem", why}});
    const std::string outcome = why.empty() ? "delivered to " + mask_passwords(sink.sink->where()) : why;
    context.output.line(fmt::format("{}  {}", context.output.styled(sink.name, Style::strong), outcome),
                        why.empty() ? Style::good : Style::bad);
  }
  return all_good ? 0 : exit_code(ErrorKind::connection);
}

int run(Context& context) {
  const std::string action = context.arguments.positional(0);
  const std::string sink = context.arguments.positional(1);
  if (action != "" && action != "list" && action != "test") {
    throw Error(ErrorKind::usage, fmt::format("alerts has no \"{}\"", action)).next("it has: list, test");
  }
  if (action != "test" && !sink.empty()) throw Error(ErrorKind::usage, "alerts list takes no more arguments");
  const AlertSettings settings = read_alerts(context.config);
  if (action == "test") return test(context, settings, sink);
  list(context, settings);
  return 0;
}

const Registered<Command> kCommand{{
    .id = "alerts",
    .summary = "who is told what about runs, and a test of it",
    .details =
        "Sinks ([[sink]]) are the places that alerts go to, rules ([[alert]]) say which; docs/alerts.md describes\n"
        "both. list: those of this configuration, or, where there are none, what there could be. test: sends a\n"
        "message to one sink or to all, once, and says what came of it. During a run delivery is tried again and\n"
        "again, and never delays or fails it.",
    .positionals = {{"ACTION", "list (default) or test", Positional::Arity::optional},
                    {"SINK", "with test: only this one", Positional::Arity::optional}},
    .examples = {"martlet alerts", "martlet alerts test", "martlet --env production alerts test pager"},
    .run = run,
    .group = "Looking",
}};

}  // namespace
}  // namespace martlet
