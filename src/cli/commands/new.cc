#include <filesystem>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

std::string wanted_name(const Arguments& arguments) {
  std::vector<std::string> words = arguments.positionals();
  if (arguments.has("message")) words.push_back(arguments.text("message"));
  return join(words, " ");
}

int run(Context& context) {
  const Arguments& arguments = context.arguments;
  NewMigration wanted;
  wanted.name = wanted_name(arguments);
  wanted.sequential = arguments.has("seq");
  wanted.timestamp = arguments.has("timestamp");
  wanted.transactional = !arguments.has("no-transaction");
  wanted.repeatable = arguments.has("repeatable");
  if (trim(wanted.name).empty())
    throw Error(ErrorKind::usage, "new needs a name").next("say what it does, e.g. `martlet new add user roles`");
  if (wanted.sequential && wanted.timestamp)
    throw Error(ErrorKind::usage, "--seq and --timestamp exclude each other").next("leave one of them out");

  const FolderOptions options = folder_options(context.config);
  std::filesystem::create_directories(options.path);
  auto& json = context.output.json()["files"] = nlohmann::ordered_json::array();
  for (const std::string& file : create_migration(read_folder(options), wanted)) {
    json.push_back(file);
    context.output.line("wrote " + file);
  }
  return 0;
}

const Registered<Command> kNew{
    {.id = "new",
     .aliases = {"create", "make", "revision", "generate"},
     .summary = "a new migration in the folder's own layout",
     .details = "The file has header fields (purpose, dependencies, rollback plan, performance impact, testing notes) "
                "and a down section, ready to be filled in. Its number follows the newest one; nothing is overwritten.",
     .options = {{"--seq", "", "number it in sequence, whatever the folder does"},
                 {"--timestamp", "", "number it by the time, whatever the folder does"},
                 {"--no-transaction", "", "run it outside a transaction (CREATE INDEX CONCURRENTLY and its like)"},
                 {"--repeatable", "", "run it again whenever it changes (views, functions)"},
                 {"-m,--message", "TEXT", "the name, as other tools take it"}},
     .positionals = {{"NAME", "what it does; several words need no quotes", Positional::Arity::any}},
     .examples = {"martlet new add user roles", "martlet new --repeatable active users view"},
     .run = run}};

}  // namespace
}  // namespace martlet
