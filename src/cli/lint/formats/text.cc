#include "base/text.h"

#include <fmt/format.h>

#include <set>
#include <tuple>
#include <utility>

#include "base/files.h"
#include "base/registry.h"
#include "cli/error_text.h"
#include "cli/findings.h"
#include "cli/lint/report.h"

namespace martlet {
namespace {

Style style_of(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return Style::bad;
  return severity == Finding::Severity::warning ? Style::warning : Style::dim;
}

// Lines of the files that findings point at; the file that was asked for last is kept.
class Lines {
 public:
  explicit Lines(const LintReport& report) : report_(report) {
    for (const HazardFinding& each : report.findings) {
      const Place& place = each.finding.place;
      if (each.finding.id == "secret-in-migration") secret_.insert({place.file, place.line});
    }
  }

  std::string line(const Place& place) {
    if (place.line < 1 || secret_.contains({place.file, place.line})) return "";
    if (place.file != file_) load(place.file);
    const auto index = static_cast<std::size_t>(place.line - 1);
    return index < lines_.size() ? lines_[index] : "";
  }

 private:
  void load(const std::string& file) {
    file_ = file;
    const auto given = report_.texts.find(file);
    try {
      std::string text = given == report_.texts.end() ? read_file(file) : given->second;
      if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
      lines_ = split_lines(text);
    } catch (const Error&) {
      lines_.clear();  // the file is gone by now; the findings still stand
    }
    for (std::string& line : lines_) {
      if (line.ends_with('\r')) line.pop_back();
    }
  }

  const LintReport& report_;
  std::set<std::pair<std::string, int>> secret_;  // lines with a secret in them: output ends in build logs
  std::string file_ = "\n";
  std::vector<std::string> lines_;
};

std::string indented(std::string_view text) {
  std::string result;
  for (const std::string& line : split_lines(text)) result += line.empty() ? "\n" : fmt::format("      {}\n", line);
  return result;
}

// Several hazards of one statement have the same safe form: it is read once.
class Shown {
 public:
  bool is_new(const HazardFinding& each) {
    const Place& place = each.statement.place;
    return forms_.insert({place.file, place.line, place.column, each.safe_sql}).second;
  }

 private:
  std::set<std::tuple<std::string, int, int, std::string>> forms_;
};

std::string safe_form(const HazardFinding& each, Shown& shown, const Output& paint) {
  const std::string instead = paint.styled("instead:", Style::good);
  if (each.safe_sql.empty()) return "";
  return shown.is_new(each) ? fmt::format("  {}\n{}", instead, indented(each.safe_sql))
                            : fmt::format("  {} as above\n", instead);
}

void add(std::string& text, const HazardFinding& each, bool is_file, Lines& lines, Shown& shown, const Output& paint) {
  const Finding& finding = each.finding;
  text += fmt::format("{}: {} {}  {}\n", paint.styled(finding.place.text(), Style::strong),
                      paint.styled(fmt::format("{}:", severity_name(finding.severity)), style_of(finding.severity)),
                      finding.message, paint.styled(fmt::format("[{}]", finding.id), Style::dim));
  const std::string line = lines.line(finding.place);
  if (!line.empty()) text += line_with_caret(line, finding.place.line, finding.place.column, paint);
  if (!each.happening.empty()) text += fmt::format("  it {}\n", each.happening);
  text += safe_form(each, shown, paint);
  if (!finding.next.empty()) text += fmt::format("  {} {}\n", paint.styled("next:", Style::good), finding.next);
  if (each.fix && is_file)
    text += fmt::format("  {} `martlet lint --fix` changes the file\n", paint.styled("fix:", Style::good));
}

std::string render(const LintReport& report, const Output& paint) {
  std::string text;
  Lines lines(report);
  Shown shown;
  for (const HazardFinding& each : report.findings)
    add(text, each, !report.texts.contains(each.finding.place.file), lines, shown, paint);
  return text;
}

const Registered<LintFormat> kFormat{
    {.id = "text", .summary = "for people: the line, what happens, the safe SQL", .render = render}};

}  // namespace
}  // namespace martlet
