#include "tests/support/transcript.h"

#include <algorithm>

namespace martlet::testing {
namespace {

using Lines = std::vector<std::string>;

std::string tag(std::string_view dialect) {
  return "[" + std::string(dialect) + "] ";
}

bool line_matches(std::string_view line, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == pattern.npos) return line == pattern;
  if (line.substr(0, star) != pattern.substr(0, star)) return false;
  for (std::size_t skipped = star; skipped <= line.size(); ++skipped) {
    if (line_matches(line.substr(skipped), pattern.substr(star + 1))) return true;
  }
  return false;
}

using At = Lines::const_iterator;

bool match(At line, At end, At expected, At expected_end) {
  if (expected == expected_end) return line == end;
  if (*expected == "...") {
    for (At skipped = line;; ++skipped) {
      if (match(skipped, end, expected + 1, expected_end)) return true;
      if (skipped == end) return false;
    }
  }
  return line != end && line_matches(*line, *expected) && match(line + 1, end, expected + 1, expected_end);
}

}  // namespace

std::vector<TranscriptItem> read_transcript(std::string_view text) {
  std::vector<TranscriptItem> items;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("  ") && !items.empty()) {
      items.back().block.emplace_back(line.substr(2));
    } else {
      items.push_back({std::string(line), {}});
    }
  }
  return items;
}

std::string to_text(const std::vector<TranscriptItem>& items) {
  std::string text;
  for (const TranscriptItem& item : items) {
    text += item.head + "\n";
    for (const std::string& line : item.block) text += "  " + line + "\n";
  }
  return text;
}

std::vector<std::string> lines_for(const std::vector<std::string>& block, std::string_view dialect) {
  const std::string own = tag(dialect);
  const std::string other = tag(dialect == "sqlite" ? "postgres" : "sqlite");
  Lines lines;
  for (const std::string& line : block) {
    if (line.starts_with(other)) continue;
    lines.push_back(line.starts_with(own) ? line.substr(own.size()) : line);
  }
  return lines;
}

std::vector<std::string> merge_blocks(const std::vector<std::string>& sqlite,
                                      const std::vector<std::string>& postgres) {
  Lines merged;
  auto other = postgres.begin();
  for (const std::string& line : sqlite) {
    const auto same = std::find(other, postgres.end(), line);
    if (same == postgres.end()) {
      merged.push_back(tag("sqlite") + line);
      continue;
    }
    for (; other != same; ++other) merged.push_back(tag("postgres") + *other);
    merged.push_back(line);
    ++other;
  }
  for (; other != postgres.end(); ++other) merged.push_back(tag("postgres") + *other);
  return merged;
}

bool lines_match(const std::vector<std::string>& lines, const std::vector<std::string>& expected) {
  return match(lines.begin(), lines.end(), expected.begin(), expected.end());
}

}  // namespace martlet::testing
