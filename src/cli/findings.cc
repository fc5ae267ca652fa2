#include "cli/findings.h"

#include <fmt/format.h>

#include "cli/help.h"

namespace martlet {
namespace {

Style style_of(Finding::Severity severity) {
  switch (severity) {
    case Finding::Severity::error:
      return Style::bad;
    case Finding::Severity::warning:
      return Style::warning;
    case Finding::Severity::note:
      break;
  }
  return Style::dim;
}

nlohmann::ordered_json to_json(const Finding& finding) {
  const auto number = [](int value) { return value > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json(); };
  return {
      {"id", finding.id},
      {"severity", severity_name(finding.severity)},
      {"place",
       {{"file", finding.place.file}, {"line", number(finding.place.line)}, {"column", number(finding.place.column)}}},
      {"message", finding.message},
      {"next", finding.next}};
}

void indented(Output& output, std::string_view label, std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    output.line(fmt::format("  {}{}", label, line));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    label = "";
  }
}

}  // namespace

std::string_view severity_name(Finding::Severity severity) {
  switch (severity) {
    case Finding::Severity::error:
      return "error";
    case Finding::Severity::warning:
      return "warning";
    case Finding::Severity::note:
      break;
  }
  return "note";
}

void show_findings(Output& output, const std::vector<Finding>& findings) {
  auto& json = output.json()["findings"] = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    json.push_back(to_json(finding));
    const std::string_view first_line = std::string_view(finding.message).substr(0, finding.message.find('\n'));
    output.line(fmt::format(
        "{}{}{} {}  {}", output.styled(finding.place.text(), Style::strong), finding.place.known() ? ": " : "",
        output.styled(fmt::format("{}:", severity_name(finding.severity)), style_of(finding.severity)), first_line,
        output.styled(fmt::format("[{}]", finding.id), Style::dim)));
    if (first_line.size() < finding.message.size())
      indented(output, "", std::string_view(finding.message).substr(first_line.size() + 1));
    indented(output, output.styled("next: ", Style::good), finding.next);
  }
}

}  // namespace martlet
