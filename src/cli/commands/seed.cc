#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "base/registry.h"
#include "cli/output.h"
#include "cli/target.h"
#include "sql/statement.h"

namespace martlet {
namespace {

struct Seed {
  std::string file;
  std::vector<Statement> statements;
};

std::vector<Seed> read_seeds(const Context& context) {
  const std::string folder = context.config.text("seeds.dir");
  const Dialect dialect = target_dialect(context.config);
  const auto& wanted = context.arguments.positionals();
  std::vector<std::string> files = wanted;
  if (wanted.empty()) {
    if (!std::filesystem::is_directory(folder))
      throw Error(ErrorKind::usage, fmt::format("there is no folder \"{}\"", folder))
          .next("put .sql files into it, name another one with `[seeds] dir`, or name the files: `martlet seed FILE`");
    for (const std::string& name : list_folder(folder)) {
      if (name.ends_with(".sql")) files.push_back((std::filesystem::path(folder) / name).string());
    }
  }
  std::vector<Seed> seeds;
  for (const std::string& file : files) {
    SourceText source{.text = read_file(file), .file = file};
    if (source.text.starts_with("\xEF\xBB\xBF")) source.text.erase(0, 3);
    std::erase(source.text, '\r');
    seeds.push_back({file, split(fill_placeholders(source, context.config.placeholders()), dialect)});
  }
  return seeds;
}

// All of a file or nothing of it. The places are told here: the driver only knows one statement.
void run_seed(Connection& connection, const Seed& seed) {
  Transaction transaction(connection);
  for (const Statement& statement : seed.statements) {
    try {
      if (statement.is_copy_in)
        connection.copy_in(statement.text, statement.copy_data);
      else
        connection.execute(statement.text);
    } catch (Error& problem) {
      problem.at(statement.place).leaves(fmt::format("nothing of {} remains", seed.file));
      if (problem.next_step.empty()) problem.next("correct the file and run `martlet seed` again");
      throw;
    }
  }
  transaction.commit();
}

int run(Context& context) {
  const std::vector<Seed> seeds = read_seeds(context);
  if (context.config.is_protected())
    ask_or_refuse(context,
                  fmt::format("put seed data into the protected database {}?", target_url(context.config).shown()));
  auto& json = context.output.json()["files"] = nlohmann::ordered_json::array();
  if (seeds.empty()) {
    context.output.line(fmt::format("no .sql files in {}", context.config.text("seeds.dir")));
    return 0;
  }
  const auto connection = connect_target(context.config, target_identity(context.config));
  for (const Seed& seed : seeds) {
    run_seed(*connection, seed);
    json.push_back({{"file", seed.file}, {"statements", seed.statements.size()}});
    context.output.line(
        fmt::format("{}  {} statement{}", seed.file, seed.statements.size(), seed.statements.size() == 1 ? "" : "s"),
        Style::good);
  }
  return 0;
}

const Registered<Command> kSeed{
    {.id = "seed",
     .summary = "data for development and tests, from seeds/",
     .details = "Runs the .sql files of seeds/ by name, each in a transaction of its own, every time: write them so "
                "that running them again does no harm. They are not migrations and are not recorded. On a protected "
                "environment --yes is needed.",
     .positionals = {{"FILE", "only these; default: all of seeds/", Positional::Arity::any}},
     .examples = {"martlet seed", "martlet seed seeds/users.sql"},
     .run = run,
     .group = "Databases"}};

}  // namespace
}  // namespace martlet
