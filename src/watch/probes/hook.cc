// A team's own reason to wait: a query, a command or a web address that says whether the run may go on. One that fails,
// or does not answer in time, is a reason to wait as well: it was written to be heard.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/shell.h"
#include "base/text.h"
#include "history/values.h"
#include "net/http.h"
#include "watch/probe.h"

namespace martlet {
namespace {

// Each says why to wait, "" = go on, and throws where there is no answer.

std::string ask_query(Connection& server, const std::string& query, Milliseconds limit) {
  Transaction transaction(server);
  server.execute(fmt::format("SET LOCAL statement_timeout = {}", limit.count()));
  const Result answer = server.execute(query);
  if (answer.rows.empty() || answer.rows[0].empty()) return "";
  const std::string value(trim(text_of(answer.rows[0][0])));
  if (value == "t" || value == "true") return "";
  return value == "f" || value == "false" ? "it says no" : value;
}

std::string ask_command(Connection&, const std::string& command, Milliseconds limit) {
  const ShellOutcome outcome = run_shell(command, {}, limit);
  if (outcome.exit_code == 0) return "";
  const std::string said = last_line(outcome.output);
  return said.empty() ? fmt::format("exit code {}", outcome.exit_code) : said;
}

std::string ask_web(const std::string& url, Milliseconds limit) {
  const HttpResponse response = send_http({.url = url, .connect_timeout = limit, .timeout = limit});
  if (response.ok()) return "";
  const std::string said = last_line(response.body);
  return fmt::format("HTTP {}{}", response.status, said.empty() ? "" : ": " + said.substr(0, 200));
}

std::string ask_http(Connection&, const std::string& rest, Milliseconds limit) {
  return ask_web("http:" + rest, limit);
}

std::string ask_https(Connection&, const std::string& rest, Milliseconds limit) {
  return ask_web("https:" + rest, limit);
}

struct HookKind {
  std::string_view scheme;
  std::string (*ask)(Connection& server, const std::string& rest, Milliseconds limit);
};
constexpr HookKind kKinds[] = {{"sql:", ask_query}, {"exec:", ask_command}, {"http:", ask_http}, {"https:", ask_https}};

class Hook : public ProbeRun {
 public:
  explicit Hook(const ProbeSettings& settings) : limit_(settings.hook_timeout) {
    for (const HookKind& each : kKinds) {
      if (!settings.hook.starts_with(each.scheme)) continue;
      kind_ = &each;
      rest_ = settings.hook.substr(each.scheme.size());
      return;
    }
    throw Error(ErrorKind::usage, fmt::format("throttle.hook: \"{}\" is no hook", settings.hook))
        .next(
            "write sql:SELECT …, whose first value is empty where the run may go on; exec:COMMAND, whose exit code is "
            "0 "
            "then; or an address, http://… or https://…, that answers with a status of 200 to 299 then");
  }

  ProbeReading read(Connection& server) override {
    try {
      const std::string why = kind_->ask(server, rest_, limit_);
      return {.about = "the hook", .wait_because = why.empty() ? "" : "the hook says: " + why};
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled) throw;
      return {.about = "the hook", .wait_because = "the hook failed: " + error.message};
    }
  }

 private:
  const HookKind* kind_ = nullptr;
  std::string rest_;
  Milliseconds limit_;
};

const Registered<Probe> kProbe{{
    .id = "hook",
    .summary = "a query, command or address of your own that says whether to wait",
    .unit = ProbeUnit::number,
    .start = [](const ProbeSettings& s) -> std::unique_ptr<ProbeRun> { return std::make_unique<Hook>(s); },
    .needs_limit = false,
}};

}  // namespace
}  // namespace martlet
