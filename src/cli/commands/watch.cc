#include <fmt/format.h>
#include <unistd.h>

#include <ctime>

#include "base/cancel.h"
#include "base/registry.h"
#include "cli/command_alerts.h"
#include "cli/full_screen.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/watch_screen.h"

namespace martlet {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};
constexpr std::string_view kKeys = "p pause   r resume   a abort   q leave (the run goes on)";

std::string clock_time() {
  const std::time_t now = std::time(nullptr);
  std::tm at{};
  localtime_r(&now, &at);
  return fmt::format("{:02}:{:02}:{:02}", at.tm_hour, at.tm_min, at.tm_sec);
}

// Looks from a session of its own, and connects again where that is lost.
class Watcher {
 public:
  explicit Watcher(const Context& context)
      : context_(context),
        who_(target_identity(context.config)),
        names_(history_names(context.config)),
        where_(alert_origin(context.config, "watch", who_).where()) {
    connection_ = connect_target(context_.config, who_);  // a wrong URL is an error, not something to wait for
  }

  WatchLook look() {
    WatchLook look{.where = where_, .time = clock_time()};
    try {
      if (!connection_) connection_ = connect_target(context_.config, who_);
      look.run = find_running(*connection_, names_);
      if (connection_->dialect() == Dialect::postgres) {
        look.locks = read_lock_tree(*connection_);
        look.standbys = replication_.look(*connection_);
      }
      note_end(look);
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled) throw;
      connection_.reset();
      look.trouble = error.message;
    }
    return look;
  }

  void wish(const Running& running, Wish wish) {
    wish_of_run(*connection_, names_, running.run_id, wish, who_.actor + "@" + who_.host);
  }

 private:
  void note_end(WatchLook& look) {
    if (look.run && !look.run->row.progress.migration.empty())
      last_ = "the last run was at " + look.run->row.progress.migration;
    look.last = last_;
  }

  const Context& context_;
  const Identity who_;
  const HistoryNames names_;
  const std::string where_;
  std::unique_ptr<Connection> connection_;
  Replication replication_;
  std::string last_;
};

// What a key asks for, and what it needs to be asked back.
struct Question {
  std::string text;
  Wish on_yes = Wish::none, on_now = Wish::none;
};

std::optional<Question> question_of(char key, const WatchLook& look) {
  if (!look.run) return std::nullopt;
  if (key == 'p')
    return Question{"pause it before its next statement or batch?   y yes   any other key no", Wish::pause};
  if (key != 'a') return std::nullopt;
  return Question{"end it?   y before its next statement   n now, cancelling what runs   any other key no", Wish::abort,
                  Wish::abort_now};
}

void answer(Watcher& watcher, const WatchLook& look, const Question& question, char key) {
  if (!look.run) return;
  if (key == 'y') watcher.wish(*look.run, question.on_yes);
  if (key == 'n' && question.on_now != Wish::none) watcher.wish(*look.run, question.on_now);
}

int watch_on_screen(Context& context, Watcher& watcher) {
  const FullScreen screen;
  std::optional<Question> question;
  for (WatchLook look = watcher.look();; look = watcher.look()) {
    const FullScreen::Size size = screen.size();
    const std::string footer = question ? question->text : std::string(kKeys);
    screen.draw(watch_screen(look, footer, size.rows, size.columns, context.output));
    const auto key = screen.key(kBetweenLooks);
    if (!key) continue;
    if (question) {
      answer(watcher, look, *question, *key);
      question.reset();
    } else if (*key == 'q') {
      return 0;
    } else if (*key == 'r' && look.run) {
      watcher.wish(*look.run, Wish::none);
    } else {
      question = question_of(*key, look);
    }
  }
}

nlohmann::ordered_json to_json(const WatchLook& look) {
  nlohmann::ordered_json json{{"time", look.time}, {"trouble", look.trouble}, {"run", nullptr}};
  if (!look.run) return json;
  const RunProgress& progress = look.run->row.progress;
  json["run"] = {{"run_id", look.run->run_id},
                 {"state", look.run->state()},
                 {"migration", progress.migration},
                 {"step", progress.step},
                 {"steps", progress.steps},
                 {"units_done", progress.units_done},
                 {"units_total", progress.units_total},
                 {"units_per_second", progress.units_per_second},
                 {"reason", progress.reason}};
  return json;
}

// A line for each change, until the run that was seen is over.
int watch_in_lines(Context& context, Watcher& watcher) {
  std::string said;
  bool seen = false;
  for (;;) {
    const WatchLook look = watcher.look();
    const bool waits = !seen && !look.run && look.trouble.empty();
    const std::string line = watch_line(look) + (waits ? ": waiting for one, until Ctrl-C" : "");
    if (line != said) {
      context.output.record(to_json(look));
      context.output.line(fmt::format("{}  {}", look.time, line));
      std::fflush(stdout);
      said = line;
    }
    if (std::ferror(stdout) || (seen && !look.run && look.trouble.empty())) return 0;
    seen = seen || look.run.has_value();
    cancel::sleep_ms(kBetweenLooks.count());
  }
}

int run(Context& context) {
  Watcher watcher(context);
  const bool screen = isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && !context.output.options().json;
  try {
    return screen ? watch_on_screen(context, watcher) : watch_in_lines(context, watcher);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::cancelled) throw;
    return 0;  // Ctrl-C is how this ends well
  }
}

const Registered<Command> kCommand{{
    .id = "watch",
    .summary = "one screen of the run that is at work: steps, rows, locks, lag",
    .details =
        "Looks twice a second, from a session of its own, at the run that another process does on this database: "
        "where\n"
        "it is, how fast, for how long still, what it waits for, who waits for whom, how far replicas are behind.\n"
        "Keys: p pauses it, r lets it go on, a ends it (the first and the last ask first), q leaves it alone, as\n"
        "Ctrl-C does. Where standard output is no terminal: a line for each change, until the run is over.",
    .examples = {"martlet watch", "martlet --env production watch", "martlet watch | tee run.log"},
    .run = run,
    .group = "Looking",
}};

}  // namespace
}  // namespace martlet
