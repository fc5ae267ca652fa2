// A test suite a file, a test case a finding: for servers that show test results. Only errors are failures.
#include <fmt/format.h>

#include "base/registry.h"
#include "cli/findings.h"
#include "cli/lint/report.h"

namespace martlet {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        result += is_control ? '?' : c;
    }
  }
  return result;
}

std::string case_text(const HazardFinding& each) {
  const Finding& finding = each.finding;
  const bool fails = finding.severity == Finding::Severity::error;
  const std::string detail = each.safe_sql.empty() ? finding.next : each.safe_sql;
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{} at {}:{}\">\n", escaped(finding.place.file),
                  escaped(finding.id), finding.place.line, finding.place.column);
  const std::string body = fails ? fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                                               escaped(finding.id), escaped(finding.message), escaped(detail))
                                 : fmt::format("      <system-out>{}: {}</system-out>\n",
                                               severity_name(finding.severity), escaped(finding.message));
  return head + body + "    </testcase>\n";
}

std::string suite_text(const std::string& file, const std::vector<const HazardFinding*>& findings) {
  std::size_t failures = 0;
  std::string cases;
  for (const HazardFinding* each : findings) {
    failures += each->finding.severity == Finding::Severity::error ? 1 : 0;
    cases += case_text(*each);
  }
  if (findings.empty()) cases = fmt::format("    <testcase classname=\"{}\" name=\"no hazard\"/>\n", escaped(file));
  return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n{}  </testsuite>\n",
                     escaped(file), std::max<std::size_t>(findings.size(), 1), failures, cases);
}

std::string render(const LintReport& report, const Output&) {
  std::map<std::string, std::vector<const HazardFinding*>> by_file;
  for (const std::string& file : report.files) by_file[file];
  for (const HazardFinding& each : report.findings) by_file[each.finding.place.file].push_back(&each);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"martlet lint\">\n";
  for (const auto& [file, findings] : by_file) text += suite_text(file, findings);
  return text + "</testsuites>\n";
}

const Registered<LintFormat> kFormat{
    {.id = "junit", .summary = "test results in XML; errors are failures", .render = render}};

}  // namespace
}  // namespace martlet
