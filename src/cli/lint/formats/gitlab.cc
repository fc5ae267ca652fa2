// GitLab's code quality report.
#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/lint/report.h"
#include "hazard/fingerprint.h"

namespace martlet {
namespace {

std::string_view severity_of(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return "critical";
  return severity == Finding::Severity::warning ? "minor" : "info";
}

std::string render(const LintReport& report, const Output&) {
  nlohmann::ordered_json issues = nlohmann::ordered_json::array();
  const std::vector<std::string> prints = fingerprints(report.findings);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i].finding;
    issues.push_back(
        {{"description", finding.message},
         {"check_name", finding.id},
         {"fingerprint", prints[i]},
         {"severity", severity_of(finding.severity)},
         {"location", {{"path", finding.place.file}, {"lines", {{"begin", std::max(finding.place.line, 1)}}}}}});
  }
  return issues.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

const Registered<LintFormat> kFormat{{.id = "gitlab",
                                      .summary = "GitLab's code quality report",
                                      .render = render,
                                      .shows_details = false,
                                      .shows_fingerprints = true}};

}  // namespace
}  // namespace martlet
