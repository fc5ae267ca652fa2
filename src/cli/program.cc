#include "cli/program.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/cancel.h"
#include "base/log.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

void apply_flags(const CommandLine& line, Output& output) {
  OutputOptions options = output.options();
  options.json = line.has("json");
  options.quiet = line.has("quiet");
  options.verbose = line.has("verbose");
  output.set_options(options);
}

void apply_color(const Config& config, Output& output) {
  OutputOptions options = output.options();
  const std::string wanted = config.text("color");
  options.color_wanted = wanted != "never";
  if (wanted != "auto" && !wanted.empty()) options.color = wanted == "always";
  output.set_options(options);
}

// Some commands must work while martlet.toml is broken.
Config load_config(const CommandLine& line) {
  if (line.command->needs_config) return Config::load(line.sources);
  try {
    return Config::load(line.sources);
  } catch (const Error&) {
    return {};
  }
}

int run_command(const CommandLine& line, Output& output) {
  Config config = load_config(line);
  apply_color(config, output);
  if (config.is_set("log.file")) log::open(config.text("log.file"));
  Context context{std::move(config), line.arguments, output};
  const int code = line.command->run(context);
  output.finish(code);
  return code;
}

int show(const std::string& text, Output& output) {
  output.json()["text"] = text;
  output.line(std::string_view(text).substr(0, text.size() - 1));
  output.finish(0);
  return 0;
}

int run(const std::vector<std::string>& words, Output& output) {
  CommandLine line = parse_command_line(words);
  apply_flags(line, output);
  if (line.has("help")) return show(line.command ? command_help(*line.command) : full_help(), output);
  if (line.has("version") && (!line.command || line.arguments.text("version") == "true"))
    return run_program({"version"});
  if (line.command) return run_command(line, output);
  if (words.empty()) return show(short_help(), output);
  throw Error(ErrorKind::usage, "no command was given").next("say which, e.g. `martlet up`; see `martlet help`");
}

int report(const Error& error, Output& output) {
  output.fail(error);
  log::error(error);
  return exit_code(error.kind);
}

// A reader that had enough (`| head`). The write that met EPIPE may be long past, so the pipe is asked.
bool reader_has_left() {
  pollfd pipe{STDOUT_FILENO, POLLOUT, 0};
  return errno == EPIPE || (poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0);
}

// "Done" must not be said by the exit code when nobody could read the answer; a reader that had enough is fine.
int flush_output(int code) {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return code;
  if (code != 0 || reader_has_left()) return code;
  std::fprintf(stderr, "error: cannot write to standard output: %s\n", std::strerror(errno));
  return exit_code(ErrorKind::internal);
}

}  // namespace

int run_program(const std::vector<std::string>& words) noexcept {
  Output output(detect_terminal());
  try {
    OutputOptions options = output.options();
    options.json = std::find(words.begin(), words.end(), "--json") != words.end();
    output.set_options(options);
    cancel::install_signal_handlers();
    return flush_output(run(words, output));
  } catch (const Error& error) {
    return report(error, output);
  } catch (const std::exception& problem) {
    return report(Error(ErrorKind::internal, std::string("unexpected failure: ") + problem.what()), output);
  }
}

}  // namespace martlet
