#include "config/config.h"

#include "base/registry.h"
#include "cli/command.h"
#include "cli/output.h"

namespace martlet {
namespace {

void add_placeholders(Context& context, std::vector<std::vector<Cell>>& rows) {
  auto& json = context.output.json()["placeholders"] = nlohmann::ordered_json::object();
  // A placeholder may hold a password, and nothing tells which do.
  for (const auto& [name, text] : context.config.placeholders()) {
    json[name] = "***";
    rows.push_back({{"placeholders." + name}, {"***", Style::dim}, {}});
  }
}

int run(Context& context) {
  const std::string wanted = context.arguments.positional(0);
  auto& json = context.output.json()["values"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const auto& [key, value] : context.config.shown()) {
    if (!wanted.empty() && key->name != wanted) continue;
    const bool broken = !value.problem.empty();
    json.push_back(
        {{"key", key->name},
         {"value", value.source.empty() || broken ? nlohmann::ordered_json() : nlohmann::ordered_json(value.text)},
         {"source", value.source},
         {"problem", broken ? nlohmann::ordered_json(value.problem) : nlohmann::ordered_json()}});
    rows.push_back({{std::string(key->name)},
                    {broken ? value.problem : value.text, broken ? Style::bad : Style::strong},
                    {value.source, Style::dim}});
  }
  if (rows.empty())
    throw Error(ErrorKind::usage, "unknown key \"" + wanted + "\"").next("see `martlet config` for the keys there are");
  if (wanted.empty()) add_placeholders(context, rows);
  context.output.table({"key", "value", "source"}, rows);
  return 0;
}

const Registered<Command> kConfig{
    {.id = "config",
     .summary = "every resolved value and where it came from; secrets never",
     .details = "A value is taken from a flag, else from the environment, else from .env, else from martlet.toml, else "
                "it is the default. Where an environment was chosen with --env or MARTLET_ENV, the URLs that it "
                "defines win over DATABASE_URL and its like.",
     .positionals = {{"KEY", "show only this one", Positional::Arity::optional}},
     .examples = {"martlet config", "martlet config url --env production"},
     .run = run,
     .group = "Tools",
     .read_only = true}};

}  // namespace
}  // namespace martlet
