#include <fmt/format.h>

#include "base/registry.h"
#include "cli/findings.h"
#include "cli/lint/report.h"

namespace martlet {
namespace {

std::string render(const LintReport& report, const Output&) {
  std::string text;
  for (const HazardFinding& each : report.findings) {
    const Finding& finding = each.finding;
    text +=
        fmt::format("{}:{}:{}: {}: {} [{}]\n", finding.place.file, std::max(finding.place.line, 1),
                    std::max(finding.place.column, 1), severity_name(finding.severity), finding.message, finding.id);
  }
  return text;
}

const Registered<LintFormat> kFormat{{.id = "gcc",
                                      .summary = "one line each, as compilers write them: for editors",
                                      .render = render,
                                      .shows_details = false}};

}  // namespace
}  // namespace martlet
