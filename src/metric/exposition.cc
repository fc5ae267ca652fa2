#include "metric/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace martlet {
namespace {

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

std::string labels_text(const MetricLabels& labels) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : labels) parts.push_back(fmt::format("{}=\"{}\"", name, escaped(value)));
  return parts.empty() ? "" : "{" + join(parts, ",") + "}";
}

}  // namespace

void Exposition::read(std::string_view text) {
  for (const std::string& line : split_lines(text)) {
    const std::size_t blank = line.rfind(' ');
    if (line.starts_with('#') || blank == std::string::npos) continue;
    const std::string series = line.substr(0, blank);
    const std::string name = series.substr(0, series.find('{'));
    const bool known =
        std::any_of(families_.begin(), families_.end(), [&](const auto& each) { return each.name == name; });
    double value = 0;
    const char* end = line.data() + line.size();
    const auto [read_to, problem] = std::from_chars(line.data() + blank + 1, end, value);
    if (known && problem == std::errc() && read_to == end) series_[name][series.substr(name.size())] = value;
  }
}

void Exposition::set(std::string_view family, const MetricLabels& labels, double value) {
  series_[std::string(family)][labels_text(labels)] = value;
}

void Exposition::add(std::string_view family, const MetricLabels& labels, double value) {
  series_[std::string(family)][labels_text(labels)] += value;
}

std::string Exposition::text() const {
  std::string text;
  for (const MetricFamily& family : families_) {
    const auto found = series_.find(family.name);
    if (found == series_.end()) continue;
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help, family.type);
    for (const auto& [labels, value] : found->second) text += fmt::format("{}{} {}\n", family.name, labels, value);
  }
  return text;
}

}  // namespace martlet
