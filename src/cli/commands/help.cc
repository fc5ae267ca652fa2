#include "cli/help.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/options.h"

namespace martlet {
namespace {

int run(Context& context) {
  const std::string name = context.arguments.positional(0);
  std::string text;
  if (name.empty()) {
    text = full_help();
  } else if (const Command* command = find_command(name)) {
    text = command_help(*command);
  } else {
    const auto meant = nearest(name, command_names());
    throw Error(ErrorKind::usage, fmt::format("unknown command \"{}\"", name))
        .next(meant ? fmt::format("did you mean `martlet help {}`?", *meant) : "see `martlet help` for the commands");
  }
  context.output.json()["text"] = text;
  context.output.line(std::string_view(text).substr(0, text.size() - 1));
  return 0;
}

const Registered<Command> kHelp{
    {.id = "help",
     .summary = "the commands, or one of them in detail",
     .details = "Without a name: all commands, the options of every command, the exit codes.",
     .positionals = {{"COMMAND", "the command to tell about", Positional::Arity::optional}},
     .examples = {"martlet help up"},
     .run = run,
     .needs_config = false,
     .group = "Tools",
     .read_only = true}};

}  // namespace
}  // namespace martlet
