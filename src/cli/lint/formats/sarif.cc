// SARIF 2.1.0 (OASIS), read by code scanning services.
#include <map>
#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/lint/report.h"
#include "hazard/fingerprint.h"

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return "error";
  return severity == Finding::Severity::warning ? "warning" : "note";
}

std::string_view level_of(Hazard::Severity severity) {
  if (severity == Hazard::Severity::error) return "error";
  return severity == Hazard::Severity::warning ? "warning" : "note";
}

Json text(std::string_view content) {
  return {{"text", content}};
}

// Characters that a URI does not hold as they are are escaped; slashes stay.
std::string uri(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

Json rule(const Hazard& hazard) {
  const std::string help = std::string(hazard.why) + "\n\n" + std::string(hazard.safe_form);
  return {{"id", hazard.id},
          {"shortDescription", text(hazard.summary)},
          {"fullDescription", text(hazard.why)},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", level_of(hazard.severity)}}}};
}

Json location(const Place& place) {
  Json physical{{"artifactLocation", {{"uri", uri(place.file)}}}};
  if (place.line > 0) physical["region"] = {{"startLine", place.line}, {"startColumn", std::max(place.column, 1)}};
  return {{"physicalLocation", std::move(physical)}};
}

Json result(const HazardFinding& each, std::size_t rule_index, const std::string& fingerprint) {
  std::string message = each.finding.message;
  if (!each.happening.empty()) message += "\nIt " + each.happening + ".";
  if (!each.safe_sql.empty()) message += "\nInstead:\n" + each.safe_sql;
  if (!each.finding.next.empty()) message += "\n" + each.finding.next;
  return {{"ruleId", each.finding.id},
          {"ruleIndex", rule_index},
          {"level", level_of(each.finding.severity)},
          {"message", text(message)},
          {"locations", Json::array({location(each.finding.place)})},
          {"partialFingerprints", {{"martletStatement/v1", fingerprint}}}};
}

std::string render(const LintReport& report, const Output&) {
  Json rules = Json::array();
  std::map<std::string_view, std::size_t> index;
  for (const Hazard* hazard : Registry<Hazard>::all()) {
    index[hazard->id] = rules.size();
    rules.push_back(rule(*hazard));
  }
  Json results = Json::array();
  const std::vector<std::string> prints = fingerprints(report.findings);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    results.push_back(result(report.findings[i], index[report.findings[i].finding.id], prints[i]));
  }
  const Json log{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(
           {{{"tool",
              {{"driver", {{"name", "martlet"}, {"semanticVersion", MARTLET_VERSION}, {"rules", std::move(rules)}}}}},
             {"columnKind", "unicodeCodePoints"},
             {"results", std::move(results)}}})}};
  return log.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

const Registered<LintFormat> kFormat{{.id = "sarif",
                                      .summary = "SARIF 2.1.0, for code scanning services",
                                      .render = render,
                                      .shows_fingerprints = true}};

}  // namespace
}  // namespace martlet
