#include "gate/integrity.h"

#include <fmt/format.h>

#include <algorithm>

#include "gate/health.h"

namespace martlet {

std::vector<std::string> integrity_problems(const HealthTarget& target) {
  HealthSituation situation(target);
  std::vector<std::string> problems;
  for (const HealthReport& report : examine(situation, AskedBy::verify)) {
    if (report.result.state != HealthState::bad) continue;
    if (report.result.details.empty()) {
      problems.push_back(fmt::format("{}: {}", report.check->id, report.result.message));
    }
    for (const std::string& detail : report.result.details) {
      problems.push_back(fmt::format("{}: {}", report.check->id, detail));
    }
  }
  return problems;
}

std::vector<std::string> new_problems(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::string> found;
  for (const std::string& problem : after) {
    if (std::ranges::find(before, problem) == before.end()) found.push_back(problem);
  }
  return found;
}

}  // namespace martlet
