#include <fmt/format.h>

#include "base/registry.h"
#include "cli/backup_settings.h"
#include "cli/output.h"
#include "cli/safeguards.h"
#include "cli/target.h"
#include "gate/grant_script.h"

namespace martlet {
namespace {

int run(Context& context) {
  if (target_dialect(context.config) != Dialect::postgres) {
    throw Error(ErrorKind::usage, "SQLite has no roles: whoever may write the file may change it")
        .next("give the file to the system user that runs martlet");
  }
  GrantOrder order;
  if (!context.arguments.positional(0).empty()) order.role = context.arguments.positional(0);
  order.backups = backup_policy(context) != nullptr;
  order.kills = context.config.duration("kill_blockers_after").count() > 0;
  HealthSituation situation(health_target(context.config));
  situation.connect();
  const std::string script = grant_script(situation, order);
  context.output.json()["role"] = order.role;
  context.output.json()["sql"] = script;
  context.output.raw(script);
  return 0;
}

const Registered<Command> kCommand{{
    .id = "grant-script",
    .summary = "print the SQL for a role that may run migrations, and nothing else",
    .details =
        "Reads which schemas the migrations change and who owns what is in them, and prints a script for psql: the\n"
        "role owns martlet's tables and what migrations alter (only an owner may), those who owned it keep using it,\n"
        "and what migrations make from now on is theirs to use. Changes nothing. `martlet doctor` then says whether\n"
        "the role that runs has what it needs, and what it has beyond that.",
    .positionals = {{"ROLE", "its name (martlet_migrator)", Positional::Arity::optional}},
    .examples = {"martlet grant-script > grants.sql", "martlet --env production grant-script shop_migrator"},
    .run = run,
    .group = "Tools",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
