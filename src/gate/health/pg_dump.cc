// Is there a pg_dump that can read this server? `martlet test` compares catalogs by it.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/registry.h"
#include "gate/health.h"

namespace martlet {
namespace {

// "pg_dump (PostgreSQL) 15.20 (Debian …)"; nullopt where there is no such program.
std::optional<std::string> pg_dump_version() {
  const auto close = [](std::FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(popen("pg_dump --version 2>/dev/null", "r"), close);
  char line[256];
  if (!pipe || !std::fgets(line, sizeof line, pipe.get())) return std::nullopt;
  const std::string text(line);
  const auto number = text.find(") ");
  if (number == std::string::npos) return std::nullopt;
  return text.substr(number + 2, text.find_first_of(" \n", number + 2) - number - 2);
}

HealthResult run(HealthSituation& situation) {
  const int server = situation.connection().version() / 10000;
  const auto version = pg_dump_version();
  const std::string next = fmt::format("install postgresql-client-{} (or newer) on this machine", server);
  if (!version) return HealthResult::warning("pg_dump is not installed: `martlet test` needs it", next);
  if (std::atoi(version->c_str()) >= server) return HealthResult::good(fmt::format("pg_dump {} fits", *version));
  return HealthResult::warning(
      fmt::format("pg_dump {} refuses a newer server ({}): `martlet test` needs it", *version, server), next);
}

const Registered<HealthCheck> kCheck{{
    .id = "pg-dump",
    .summary = "a pg_dump that can read this server is installed",
    .asked_by = AskedBy::doctor,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
