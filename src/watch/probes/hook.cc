// A team's own reason to wait: a query whose first value is empty, NULL or true where the run may go on, and else says
// why it may not. One that fails, or does not answer in time, is a reason to wait as well: it was written to be heard.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "history/values.h"
#include "watch/probe.h"

namespace martlet {
namespace {

constexpr std::string_view kScheme = "sql:";

std::string why_of(const Result& answer) {
  if (answer.rows.empty() || answer.rows[0].empty()) return "";
  const std::string value(trim(text_of(answer.rows[0][0])));
  if (value == "t" || value == "true") return "";
  return value == "f" || value == "false" ? "it says no" : value;
}

class Hook : public ProbeRun {
 public:
  explicit Hook(const ProbeSettings& settings) : query_(settings.hook), timeout_(settings.hook_timeout) {
    if (!query_.starts_with(kScheme)) {
      throw Error(ErrorKind::usage, fmt::format("throttle.hook: \"{}\" is no hook", query_))
          .next("write sql:SELECT …, whose first value is empty where the run may go on");
    }
    query_.erase(0, kScheme.size());
  }

  ProbeReading read(Connection& server) override {
    try {
      Transaction transaction(server);
      server.execute(fmt::format("SET LOCAL statement_timeout = {}", timeout_.count()));
      const std::string why = why_of(server.execute(query_));
      return {.about = "the hook", .wait_because = why.empty() ? "" : "the hook says: " + why};
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled) throw;
      return {.about = "the hook", .wait_because = "the hook failed: " + error.message};
    }
  }

 private:
  std::string query_;
  Milliseconds timeout_;
};

const Registered<Probe> kProbe{{
    .id = "hook",
    .summary = "a query of your own that says whether to wait",
    .unit = ProbeUnit::number,
    .start = [](const ProbeSettings& s) -> std::unique_ptr<ProbeRun> { return std::make_unique<Hook>(s); },
    .needs_limit = false,
}};

}  // namespace
}  // namespace martlet
