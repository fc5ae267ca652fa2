// A command of the team's own: the alert as JSON on its standard input, and in MARTLET_ALERT_… variables.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "alert/sink.h"
#include "base/spawn.h"

namespace martlet {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

std::map<std::string, std::string> variables(const Alert& alert) {
  return {{"MARTLET_ALERT_TRIGGER", alert.trigger},     {"MARTLET_ALERT_LEVEL", std::string(level_word(alert.level))},
          {"MARTLET_ALERT_TITLE", alert.title()},       {"MARTLET_ALERT_TEXT", alert.details()},
          {"MARTLET_ALERT_MIGRATION", alert.migration}, {"MARTLET_ENVIRONMENT", alert.origin.environment},
          {"MARTLET_RUN_ID", alert.origin.run_id}};
}

// A command that does not read must not hold us up: what the pipe does not take is not sent.
void give(Pipe& pipe, const std::string& text) {
  pipe.close_end(0);
  fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK);
  static_cast<void>(::write(pipe.ends[1], text.data(), text.size()));
  pipe.close_end(1);
}

// The wait status; nullopt where it had to be ended, with everything it started.
std::optional<int> wait_in_time(pid_t pid, const DeliveryLimits& limits) {
  const auto until = std::chrono::steady_clock::now() + limits.timeout;
  for (int status = 0;;) {
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 || std::chrono::steady_clock::now() > until || limits.stop()) {
      kill(-pid, SIGKILL);
      wait_for_exit(pid);
      return std::nullopt;
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

class Exec final : public Sink {
 public:
  explicit Exec(std::string command) : command_(std::move(command)) {}
  std::string where() const override { return fmt::format("the command \"{}\"", command_); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    Pipe input;
    const pid_t pid = spawn({.arguments = {"/bin/sh", "-c", command_},
                             .environment = variables(alert),
                             .input = input.ends[0],
                             .output = STDERR_FILENO,  // our standard output may be JSON
                             .errors = STDERR_FILENO,
                             .group = SpawnOrder::Group::own});
    give(input, alert.json().dump() + "\n");
    const std::optional<int> status = wait_in_time(pid, limits);
    if (status && WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return;
    const std::string how = !status              ? fmt::format("not done within {}", show_duration(limits.timeout))
                            : WIFEXITED(*status) ? fmt::format("exit code {}", WEXITSTATUS(*status))
                                                 : fmt::format("ended by signal {}", WTERMSIG(*status));
    throw Error(ErrorKind::connection, fmt::format("{}: {}", where(), how)).next("run it by hand to see why");
  }

 private:
  const std::string command_;
};

const Registered<SinkKind> kExec{{.id = "exec",
                                  .help = "runs a command by /bin/sh, the alert as JSON on its standard input",
                                  .needs = {"command"},
                                  .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                    return std::make_unique<Exec>(record.text("command"));
                                  }}};

}  // namespace
}  // namespace martlet
