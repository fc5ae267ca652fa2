#include "cli/options.h"

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"

namespace martlet {

const std::vector<Option>& global_options() {
  static const std::vector<Option> kOptions{
      {"-u,--url", "URL", "the database: postgresql://…, sqlite:FILE", "url"},
      {"--direct-url", "URL", "the same database past the connection pooler", "direct_url"},
      {"--env", "NAME", "the environment of martlet.toml to use; its URL wins over DATABASE_URL"},
      {"--env-file", "FILE", "instead of .env"},
      {"--config", "FILE", "instead of martlet.toml here or in a folder above"},
      {"--dir", "FOLDER", "the folder of the migrations", "migrations.dir"},
      {"--layout", "NAME", "how its files are named (auto)", "migrations.layout"},
      {"--schema", "NAME", "the schema of martlet's own tables", "history.schema"},
      {"--table", "NAME", "the name of the ledger", "history.table"},
      {"--tx", "MODE", "auto, file (one transaction each), all, or none", "tx"},
      {"--out-of-order", "POLICY", "error, warn or allow", "out_of_order"},
      {"--lock-wait", "TIME", "how long one attempt may wait for a lock (100ms)", "lock_wait"},
      {"--lock-deadline", "TIME", "how long to go on retrying for a lock (5min)", "lock_deadline"},
      {"--kill-blockers-after", "TIME", "end sessions that are in the way for longer (0 = never)",
       "kill_blockers_after"},
      {"--statement-timeout", "TIME", "the longest a statement may run (0 = no limit)", "statement_timeout"},
      {"--wait-lease", "TIME", "how long to wait for another run to end (0)", "wait_lease"},
      {"--ticket", "TEXT", "recorded with the run", "ticket"},
      {"--actor", "NAME", "who runs, as recorded with the run", "actor"},
      {"--log-file", "FILE", "write the run there too", "log.file"},
      {"-y,--yes", "", "answer yes to every question", "yes", "true"},
      {"--json", "", "one JSON object on standard output"},
      {"-q,--quiet", "", "only errors and warnings"},
      {"-v,--verbose", "", "more: server notices, statements, sources"},
      {"--no-color", "", "no colour", "color", "never"},
      {"-h,--help", "", "this help, or the help of a command"},
      {"--version", "", "the version of martlet"},
  };
  return kOptions;
}

const std::vector<Option>& script_options() {
  static const std::vector<Option> kOptions{
      {"-d,--dry-run", "", "show what would be done, change nothing"},
      {"-s,--skip-backup", "", "no backup before the run"},
      {"-r,--rollback-to", "VERSION", "down to this version"},
      {"-f,--force", "",
       "go on despite warnings, as --yes; up on a protected environment: despite hazards, with --reason", "yes",
       "true"},
  };
  return kOptions;
}

std::vector<std::string> option_names(const Option& option) {
  return split_list(option.names);
}

std::string option_key(const Option& option) {
  const std::vector<std::string> names = option_names(option);
  for (const std::string& name : names) {
    if (name.starts_with("--")) return name.substr(2);
  }
  return names.front().substr(1);
}

const Command* find_command(std::string_view name) {
  for (const Command* command : Registry<Command>::all()) {
    const auto& aliases = command->aliases;
    if (command->id == name || std::find(aliases.begin(), aliases.end(), name) != aliases.end()) return command;
  }
  return nullptr;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command* command : Registry<Command>::all()) {
    names.emplace_back(command->id);
    names.insert(names.end(), command->aliases.begin(), command->aliases.end());
  }
  return names;
}

}  // namespace martlet
