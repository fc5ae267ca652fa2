#include "hazard/fix.h"

#include <algorithm>

#include "sql/characters.h"
#include "sql/places.h"

namespace martlet {
namespace {

constexpr std::string_view kWithoutTransaction = "-- martlet:no-transaction";

struct Replacement {
  std::size_t begin = 0, end = 0;
  std::string text;
};

// Byte offsets of places in a text.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : text_(text), lines_{text.starts_with("\xEF\xBB\xBF") ? 3U : 0U} {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      lines_.push_back(at + 1);
    }
  }
  std::size_t line(int number) const {
    return lines_[std::min(static_cast<std::size_t>(std::max(number, 1)) - 1, lines_.size() - 1)];
  }
  std::size_t at(const Place& place) const {
    const std::size_t begin = line(place.line);
    return begin + byte_offset(text_.substr(begin), static_cast<std::size_t>(std::max(place.column, 1)) - 1);
  }
  std::string_view line_end() const {
    return lines_.size() > 1 && lines_[1] > 1 && text_[lines_[1] - 2] == '\r' ? "\r\n" : "\n";
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_;  // where each begins
};

Replacement removal(const std::string& text, const Offsets& offsets, const Statement& statement) {
  std::size_t begin = offsets.at(statement.place);
  std::size_t end = offsets.at(place_in(statement, statement.text.size()));
  const std::size_t semicolon = text.find_first_not_of(" \t\r\n", end);
  if (semicolon != std::string::npos && text[semicolon] == ';') end = semicolon + 1;
  const std::size_t rest = text.find_first_not_of(" \t\r", end);
  const std::size_t line = offsets.line(statement.place.line);
  const bool is_alone = text.find_first_not_of(" \t", line) == begin;
  if (rest != std::string::npos && text[rest] != '\n') return {begin, rest, ""};
  if (is_alone) {
    begin = line;
    end = rest == std::string::npos ? text.size() : rest + 1;
  }
  return {begin, end, ""};
}

std::vector<Replacement> replacements(const std::string& text, const Offsets& offsets, const HazardFinding& finding) {
  std::vector<Replacement> all;
  for (const TextEdit& edit : finding.fix->edits) {
    all.push_back({offsets.at(place_in(finding.statement, edit.begin)),
                   offsets.at(place_in(finding.statement, edit.end)), edit.text});
  }
  if (finding.fix->removes_statement) all.push_back(removal(text, offsets, finding.statement));
  if (!finding.fix->line_before.empty()) {
    const std::size_t line = offsets.line(finding.statement.place.line);
    const std::size_t indent = text.find_first_not_of(" \t", line) - line;
    all.push_back({line, line, text.substr(line, indent) + finding.fix->line_before + std::string(offsets.line_end())});
  }
  return all;
}

bool overlap(const Replacement& a, const Replacement& b) {
  return a.begin < b.end && b.begin < a.end;
}

// The line that a part of the file begins with, behind its `-- martlet:down`.
int first_line_of_part(const Migration& migration, const HazardFinding& finding) {
  const auto holds = [&](const std::optional<SourceText>& part) {
    return part && part->file == finding.finding.place.file && part->first_line <= finding.statement.place.line;
  };
  int first = migration.up.first_line;
  for (const auto* part : {&migration.down, &migration.contract}) {
    if (holds(*part)) first = std::max(first, (*part)->first_line);
  }
  return first;
}

}  // namespace

FixedText fix_text(const std::string& text, const Migration& migration, const std::vector<HazardFinding>& findings) {
  const Offsets offsets(text);
  FixedText result;
  std::vector<Replacement> all;
  std::vector<int> parts_without;  // by their first lines
  for (std::size_t index = 0; index < findings.size(); ++index) {
    const HazardFinding& finding = findings[index];
    if (!finding.fix) continue;
    std::vector<Replacement> own = replacements(text, offsets, finding);
    const bool clashes = std::ranges::any_of(own, [&](const Replacement& each) {
      return std::ranges::any_of(all, [&](const Replacement& other) { return overlap(each, other); });
    });
    if (clashes) continue;
    std::ranges::move(own, std::back_inserter(all));
    result.fixed.push_back(index);
    const int part = first_line_of_part(migration, finding);
    const bool is_down = migration.down && part == migration.down->first_line;
    const bool has_it = is_down ? !migration.down_transactional : !migration.transactional;
    if (finding.fix->file_without_transaction && !has_it && std::ranges::count(parts_without, part) == 0) {
      parts_without.push_back(part);
    }
  }
  for (const int part : parts_without) {
    const std::size_t line = offsets.line(part);
    all.push_back({line, line, std::string(kWithoutTransaction) + std::string(offsets.line_end())});
  }
  std::ranges::stable_sort(all, std::greater(), &Replacement::begin);
  result.text = text;
  for (const Replacement& each : all) result.text.replace(each.begin, each.end - each.begin, each.text);
  return result;
}

}  // namespace martlet
