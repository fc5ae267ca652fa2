#include <fmt/format.h>

#include <chrono>

#include "base/cancel.h"
#include "base/registry.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr long kPause = 200;

// Asking again does not help against these: invalid password, invalid authorization.
bool is_hopeless(const Error& problem) {
  return problem.kind != ErrorKind::connection || problem.sqlstate == "28P01" || problem.sqlstate == "28000";
}

// "3", "003" and "V003" are the same version.
std::string bare_version(std::string_view version) {
  if (version.starts_with('V') || version.starts_with('v')) version.remove_prefix(1);
  while (version.size() > 1 && version.front() == '0') version.remove_prefix(1);
  return std::string(version);
}

bool is_applied(const Ledger& ledger, const std::string& version) {
  for (const LedgerRow& row : ledger.rows()) {
    if (row.counts_as_applied() && bare_version(row.version) == bare_version(version)) return true;
  }
  return false;
}

// What is still missing; "" = nothing.
std::string missing(const Config& config, const std::string& version) {
  try {
    const auto connection = connect_target(config, target_identity(config));
    if (version.empty() || is_applied(Ledger::read(*connection, history_names(config)), version)) return {};
    return fmt::format("version {} is not applied", version);
  } catch (const Error& problem) {
    if (is_hopeless(problem)) throw;
    return problem.message;
  }
}

int run(Context& context) {
  const std::string version = context.arguments.text("version");
  const std::string limit = context.arguments.text("timeout");
  const Milliseconds timeout = parse_duration(limit.empty() ? "30s" : limit, "--timeout");
  const Url url = target_url(context.config);
  const auto deadline = Clock::now() + timeout;
  for (std::string reason = missing(context.config, version); !reason.empty();
       reason = missing(context.config, version)) {
    if (Clock::now() + Milliseconds(kPause) > deadline)
      throw Error(ErrorKind::connection, fmt::format("still not there after {}: {}", show_duration(timeout), reason))
          .next("look at the database server, or give it longer with --timeout");
    cancel::sleep_ms(kPause);
  }
  context.output.json()["url"] = url.shown();
  context.output.line(version.empty() ? fmt::format("{} accepts connections", url.shown())
                                      : fmt::format("{} is at version {}", url.shown(), version));
  return 0;
}

const Registered<Command> kWait{
    {.id = "wait",
     .summary = "until the database accepts connections, or is at a version",
     .details = "For containers, and for applications that start while a rollout is under way. Leaves with code 8 when "
                "the time is over.",
     .options = {{"--version", "VERSION", "also until this version is applied"},
                 {"--timeout", "TIME", "how long at most (30s)"}},
     .examples = {"martlet wait --timeout 2min", "martlet wait --version V012"},
     .run = run,
     .group = "Databases",
     .read_only = true}};

}  // namespace
}  // namespace martlet
