#include "cli/lint/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/findings.h"
#include "gate/listing.h"
#include "hazard/fingerprint.h"

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}
Json number_or_null(int number) {
  return number > 0 ? Json(number) : Json();
}

Json finding_json(const HazardFinding& each, const std::string& fingerprint) {
  const Finding& finding = each.finding;
  return {{"id", finding.id},
          {"severity", severity_name(finding.severity)},
          {"place",
           {{"file", text_or_null(finding.place.file)},
            {"line", number_or_null(finding.place.line)},
            {"column", number_or_null(finding.place.column)}}},
          {"message", finding.message},
          {"happening", text_or_null(each.happening)},
          {"recipe", text_or_null(each.recipe)},
          {"safe_sql", text_or_null(each.safe_sql)},
          {"next", text_or_null(finding.next)},
          {"fixable", each.fix.has_value()},
          {"relations", each.relations},
          {"fingerprint", fingerprint}};
}

}  // namespace

std::size_t LintReport::count(Finding::Severity severity) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [&](const HazardFinding& each) { return each.finding.severity == severity; }));
}

std::string LintReport::tally() const {
  return fmt::format("{}, {}, {}", counted(count(Finding::Severity::error), "error", "errors"),
                     counted(count(Finding::Severity::warning), "warning", "warnings"),
                     counted(count(Finding::Severity::note), "note", "notes"));
}

void show_closing_line(Output& output, const LintReport& report) {
  const bool errors = report.count(Finding::Severity::error) > 0;
  const bool warnings = report.count(Finding::Severity::warning) > 0;
  output.line(fmt::format("{} in {}, judged {}", counted(report.statements, "statement", "statements"),
                          counted(report.files.size(), "file", "files"), report.against));
  std::string text = report.tally();
  if (report.allowed > 0) text += fmt::format("; {} allowed", report.allowed);
  if (report.applied > 0) text += fmt::format("; {} applied already, not judged", report.applied);
  output.line(text, errors ? Style::bad : warnings ? Style::warning : Style::good);
}

Json lint_json(const LintReport& report) {
  Json findings = Json::array();
  const std::vector<std::string> prints = fingerprints(report.findings);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    findings.push_back(finding_json(report.findings[i], prints[i]));
  }
  return {{"findings", std::move(findings)},
          {"errors", report.count(Finding::Severity::error)},
          {"warnings", report.count(Finding::Severity::warning)},
          {"notes", report.count(Finding::Severity::note)},
          {"files", report.files.size()},
          {"statements", report.statements},
          {"allowed", report.allowed},
          {"already_applied", report.applied},
          {"judged", report.against}};
}

}  // namespace martlet
