// Workflow commands of GitHub Actions, which it shows at the lines of a pull request.
#include <fmt/format.h>

#include "base/registry.h"
#include "cli/lint/report.h"

namespace martlet {
namespace {

// The data of a command, or one of its properties, in which `,` and `:` separate as well.
std::string escaped(std::string_view text, std::string_view separators = "") {
  std::string result;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || separators.find(c) != std::string_view::npos;
    if (special) {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string_view command_of(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return "error";
  return severity == Finding::Severity::warning ? "warning" : "notice";
}

std::string body(const HazardFinding& each) {
  std::string text = each.finding.message;
  if (!each.happening.empty()) text += "\nit " + each.happening;
  if (!each.safe_sql.empty()) text += "\ninstead:\n" + each.safe_sql;
  if (!each.finding.next.empty()) text += "\nnext: " + each.finding.next;
  return text;
}

std::string render(const LintReport& report, const Output&) {
  std::string text;
  for (const HazardFinding& each : report.findings) {
    const Place& place = each.finding.place;
    text += fmt::format("::{} file={},line={},col={},title={}::{}\n", command_of(each.finding.severity),
                        escaped(place.file, ",:"), std::max(place.line, 1), std::max(place.column, 1),
                        escaped(each.finding.id, ",:"), escaped(body(each)));
  }
  return text;
}

const Registered<LintFormat> kFormat{{.id = "github", .summary = "annotations of GitHub Actions", .render = render}};

}  // namespace
}  // namespace martlet
