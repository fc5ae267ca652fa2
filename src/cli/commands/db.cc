#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/restore_command.h"
#include "cli/shell.h"
#include "cli/target.h"

namespace martlet {
namespace {

void done(Context& context, const Url& url, std::string_view what) {
  context.output.json()["url"] = url.shown();
  context.output.json()["done"] = what;
  context.output.line(fmt::format("{} {}", what, url.shown()), Style::good);
}

void create(Context& context, const Url& url) {
  if (driver_for(url).database_exists(url)) return done(context, url, "was there already:");
  driver_for(url).create_database(url);
  done(context, url, "created");
}

void drop(Context& context, const Url& url) {
  refuse_if_protected(context.config, "drop the database");
  ask_or_refuse(context, fmt::format("drop {} with everything in it?", url.shown()));
  if (!driver_for(url).database_exists(url)) return done(context, url, "was not there:");
  driver_for(url).drop_database(url);
  done(context, url, "dropped");
}

void reset(Context& context, const Url& url) {
  refuse_if_protected(context.config, "reset the database");
  ask_or_refuse(context, fmt::format("drop {} with everything in it and make it anew, empty?", url.shown()));
  const Driver& driver = driver_for(url);
  if (driver.database_exists(url)) driver.drop_database(url);
  driver.create_database(url);
  done(context, url, "dropped and created");
  context.output.line("next: `martlet up`");
}

void shell(Context&, const Url& url) {
  become_shell(url);
}

struct Action {
  std::string_view name;
  void (*run)(Context&, const Url&);
};

constexpr Action kActions[] = {{"create", create}, {"drop", drop}, {"reset", reset}, {"shell", shell}};

int run(Context& context) {
  const std::string wanted = context.arguments.positional(0);
  if (wanted == "restore") {
    if (!context.arguments.positional(1).empty()) return restore_from(context, context.arguments.positional(1));
    throw Error(ErrorKind::usage, "db restore needs a file").next("such as `martlet db restore backup.sql`");
  }
  std::vector<std::string> names{"restore"};
  for (const Action& action : kActions) {
    names.emplace_back(action.name);
    if (action.name != wanted) continue;
    const Url direct = direct_url(context.config);
    action.run(context, direct.empty() ? target_url(context.config) : direct);
    return 0;
  }
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("db has no \"{}\"", wanted))
      .next(meant ? fmt::format("did you mean `martlet db {}`?", *meant) : "it has: " + join(names, ", "));
}

const Registered<Command> kDb{
    {.id = "db",
     .summary = "create, drop, reset or restore the database, or open its shell",
     .details =
         "create: makes the database, if it is not there. drop: with everything in it. reset: drop, then create. "
         "shell: psql or sqlite3 on it. restore FILE: as `martlet restore FILE`. drop and reset ask first, and are "
         "refused on a protected environment.",
     .options = {{"--reason", "TEXT", "of restore: why; it is recorded"}},
     .positionals = {{"ACTION", "create, drop, reset, shell or restore"},
                     {"FILE", "what to restore", Positional::Arity::optional}},
     .examples = {"martlet db create", "martlet db reset --yes", "martlet db shell --env staging"},
     .run = run,
     .group = "Databases"}};

}  // namespace
}  // namespace martlet
