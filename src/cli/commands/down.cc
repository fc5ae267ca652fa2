#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/registry.h"
#include "cli/dry_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/runner.h"

namespace martlet {
namespace {

// `rollback 003` is how other tools name a version: taking it for a count would take back three migrations.
long parse_count(const std::string& text) {
  long count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  if (text.size() > 1 && text[0] == '0') {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" looks like a version, and down takes a count", text))
        .next(fmt::format("say `martlet down --to {}` to go down to it", text));
  }
  if (!whole || count < 1) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a number of migrations", text))
        .next("write `martlet down`, `martlet down 3` or `martlet down --to VERSION`");
  }
  return count;
}

Goal goal_down(const Arguments& arguments) {
  const std::string to = arguments.text("to");
  const std::string count = arguments.positional(0);
  const int given = !to.empty() + !count.empty() + arguments.has("all");
  if (given > 1) throw Error(ErrorKind::usage, "give a count, --to or --all, not several of them");
  if (arguments.has("all")) return {.kind = Goal::Kind::base};
  if (!to.empty()) return Goal::parse(to);
  return {.kind = Goal::Kind::steps, .steps = -(count.empty() ? 1 : parse_count(count))};
}

int run(Context& context) {
  RunSettings settings = run_settings(context);
  const Goal goal = goal_down(context.arguments);
  if (context.arguments.has("dry-run")) return show_dry_run(context, settings, Direction::down, goal);
  confirm_base(context, settings, goal);
  const RunView view(context, "down", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return down(settings, goal); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "down",
    .aliases = {"rollback", "revert", "undo"},
    .summary = "take back the last migration, or several",
    .details =
        "Runs the down of each migration, last applied first. The down is taken from the file; where the file is\n"
        "gone or was edited since, from what was stored when it was applied.",
    .options = {{"--to", "VERSION", "down to this version, which stays (base = nothing stays)"},
                {"--all", "", "everything (asks; refused on a protected environment)"},
                {"-d,--dry-run", "execute", "show the statements; =execute runs them on a scratch database", "",
                 "show"},
                kReasonOption},
    .positionals = {{"COUNT", "how many migrations (default 1)", Positional::Arity::optional}},
    .examples = {"martlet down", "martlet down 3", "martlet down --to 007"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
