#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/cancel.h"
#include "base/files.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/example_files.h"
#include "cli/output.h"
#include "scratch/folder.h"
#include "scratch/local_server.h"

extern char** environ;

namespace martlet {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMistake =
    "-- Purpose: a migration with a mistake in its second statement\n"
    "ALTER TABLE orders ADD COLUMN gift boolean;\n"
    "CREATE INDEX orders_gift ON orders (gifft);\n"
    "\n"
    "-- martlet:down\n"
    "DROP INDEX orders_gift;\n"
    "ALTER TABLE orders DROP COLUMN gift;\n";

void write_example(const fs::path& folder, std::string_view variant) {
  for (const ExampleFile& file : example_files()) {
    if (!file.path.starts_with(variant)) continue;
    const fs::path path = folder / file.path.substr(variant.size() + 1);
    fs::create_directories(path.parent_path());
    write_file(path, file.content);
  }
}

// The commands are run as a person runs them: this very program, in the example's folder, on the terminal.
class Show {
 public:
  Show(Output& output, fs::path folder) : output_(output), folder_(std::move(folder)) {}

  void say(std::string_view text) {
    output_.line();
    output_.line(text, Style::dim);
  }

  /// Throws Error{internal} where the command does not leave with `expected`.
  void run(const std::string& command, int expected = 0) {
    cancel::check();
    output_.line();
    output_.line("$ martlet " + command, Style::strong);
    fflush(stdout);
    const int code = exit_code_of(command);
    if (code == expected) return;
    throw Error(ErrorKind::internal, fmt::format("`martlet {}` left with {} instead of {}", command, code, expected))
        .at({folder_.string()});
  }

 private:
  int exit_code_of(const std::string& command) const {
    std::vector<std::string> words = split_list(command, ' ');
    words.insert(words.begin(), "martlet");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    errno = posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ);
    if (errno != 0) throw Error(ErrorKind::internal, "cannot run this program again");
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Output& output_;
  fs::path folder_;
};

void perform(Show& show) {
  show.say("A shop whose schema grows over eighteen migrations, with views, data changes and a down for each.");
  show.run("up");
  show.say("Data for development, never part of migrations:");
  show.run("seed");
  show.say("A migration with a mistake: nothing of it stays, and the error says where it is.");
  write_file("migrations/V019__gift_orders.sql", kMistake);
  show.run("up", 1);
  fs::remove("migrations/V019__gift_orders.sql");
  show.say("Back by two, and forward again:");
  show.run("down 2");
  show.run("up");
  show.say("Does every migration go up, down and up again? On a scratch database:");
  show.run("test");
  show.say("Where everything stands, and whether it is sound:");
  show.run("status");
  show.run("verify");
}

int run(Context& context) {
  const bool postgres = context.arguments.has("postgres");
  const ScratchFolder folder;
  std::optional<LocalServer> server;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_example(folder.path(), postgres ? "postgres" : "sqlite");
  // What surrounds the demo must not reach it: it works on its own database only.
  for (const char* variable : {"DATABASE_URL", "MARTLET_URL", "SUPABASE_DB_URL", "MARTLET_ENV", "PGHOST", "PGDATABASE",
                               "PGSERVICE", "DIRECT_URL", "MARTLET_DIRECT_URL"}) {
    unsetenv(variable);
  }
  if (postgres) {
    context.output.line("starting a PostgreSQL server of our own …", Style::dim);
    server.emplace(LocalServer::Options{.durable = true});
    setenv("DATABASE_URL", server->url().target().c_str(), 1);
  }
  Show show(context.output, folder.path());
  perform(show);
  fs::current_path(before);
  show.say("That was the demo; its database is gone. Start your own with `martlet init`.");
  return 0;
}

const Registered<Command> kCommand{{
    .id = "demo",
    .summary = "watch a real database being migrated",
    .details =
        "Writes the example shop into a temporary folder and runs the everyday commands on it: on an SQLite file,\n"
        "or with --postgres on a PostgreSQL server of its own (from locally installed binaries). Nothing is\n"
        "left behind.",
    .options = {{"--postgres", "", "on a throwaway PostgreSQL server"}},
    .examples = {"martlet demo", "martlet demo --postgres"},
    .run = run,
    .needs_config = false,
    .group = "Tools",
}};

}  // namespace
}  // namespace martlet
