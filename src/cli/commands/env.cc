#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/output.h"
#include "cli/target.h"
#include "gate/version_text.h"

namespace martlet {
namespace {

void show_list(Context& context) {
  auto& json = context.output.json()["environments"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const std::string& name : context.config.environments()) {
    const Config config = of_environment(context, name);
    const bool current = name == context.config.environment();
    const std::string url = !config.problem("url").empty() ? config.problem("url")
                            : config.is_set("url")         ? target_url(config).shown()
                                                           : "";
    json.push_back({{"name", name}, {"current", current}, {"protected", config.is_protected()}, {"url", url}});
    rows.push_back({{current ? "*" : ""},
                    {name, Style::strong},
                    {config.is_protected() ? "protected" : "", Style::warning},
                    {url, config.problem("url").empty() ? Style::plain : Style::bad}});
  }
  if (rows.empty())
    context.output.line("no environments: add [environments.NAME] to martlet.toml");
  else
    context.output.table({}, rows);
}

void show_one(Context& context, const Config& config) {
  auto& json = context.output.json()["values"] = nlohmann::ordered_json::object();
  std::vector<std::vector<Cell>> rows;
  for (const auto& [key, value] : config.shown()) {
    if (!key->per_environment || value.source.empty()) continue;
    json[std::string(key->name)] = value.problem.empty() ? value.text : "";
    rows.push_back({{std::string(key->name)},
                    {value.problem.empty() ? value.text : value.problem, Style::strong},
                    {value.source, Style::dim}});
  }
  context.output.table({"key", "value", "source"}, rows);
}

// Everything the environment needs can be had, and its database answers.
void validate(Context& context, const Config& config) {
  for (const ConfigKey& key : config_keys()) {
    const std::string problem = config.problem(key.name);
    if (!problem.empty())
      throw Error(ErrorKind::usage, problem).next("set it where this environment is used, then run this again");
  }
  const Url url = target_url(config);
  const auto connection = open_connection(url);
  const std::string text =
      fmt::format("environment {}: {} answers ({})", config.environment(), url.shown(), version_text(*connection));
  context.output.json()["url"] = url.shown();
  context.output.line(text, Style::good);
}

void use(Context& context, const std::string& name) {
  of_environment(context, name);  // refuses an unknown one
  write_default_environment(context.config.file(), name);
  context.output.json()["default_environment"] = name;
  context.output.line(fmt::format("{} is now the default environment ({})", name, context.config.file()));
  const std::string source = context.config.source("url");
  if (source.starts_with("environment ") && source.find(',') == std::string::npos)
    context.output.warn(fmt::format("{} is set and wins over the default environment's url; unset it or say --env {}",
                                    source.substr(12), name));
}

void require_known(const Config& config, const std::string& name) {
  const std::vector<std::string>& known = config.environments();
  if (std::ranges::find(known, name) != known.end()) return;
  const auto meant = nearest(name, known);
  throw Error(ErrorKind::usage, fmt::format("there is no environment \"{}\"", name))
      .next(meant           ? fmt::format("did you mean {}?", *meant)
            : known.empty() ? fmt::format("add [environments.{}] to martlet.toml", name)
                            : "there are: " + join(known, ", "));
}

int run(Context& context) {
  const std::string action = context.arguments.positional(0);
  std::string name = context.arguments.positional(1);
  if (action.empty() || action == "list") {
    show_list(context);
    return 0;
  }
  if (action != "show" && action != "validate" && action != "use") {
    const auto meant = nearest(action, {"list", "show", "validate", "use"});
    throw Error(ErrorKind::usage, fmt::format("env has no \"{}\"", action))
        .next(meant ? fmt::format("did you mean `martlet env {}`?", *meant) : "see `martlet help env`");
  }
  if (name.empty()) name = context.config.environment();
  if (name.empty())
    throw Error(ErrorKind::usage, fmt::format("env {} needs the name of an environment", action))
        .next("`martlet env list` shows them");
  require_known(context.config, name);
  if (action == "use") use(context, name);
  if (action == "show") show_one(context, of_environment(context, name));
  if (action == "validate") validate(context, of_environment(context, name));
  return 0;
}

const Registered<Command> kEnv{
    {.id = "env",
     .summary = "the environments of martlet.toml",
     .details = "list: all of them, the current one marked. show NAME: its values and where they came from, secrets "
                "never. validate NAME: its variables are set and its database answers. use NAME: makes it the default "
                "(default_environment in martlet.toml); --env NAME chooses one for a single call.",
     .positionals = {{"ACTION", "list, show, validate or use", Positional::Arity::optional},
                     {"NAME", "the environment", Positional::Arity::optional}},
     .examples = {"martlet env list", "martlet env validate production", "martlet env use staging"},
     .run = run,
     .group = "Databases"}};

}  // namespace
}  // namespace martlet
