// Myers' greedy algorithm ("An O(ND) difference algorithm", 1986), after the common head and tail are cut off.
#include "base/text_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace martlet {
namespace {

using Lines = std::vector<std::string_view>;

constexpr int kContext = 3;
// The trace kept for walking back grows with the square of this.
constexpr int kMaxEdits = 1500;

struct Edit {
  char mark;  // ' ', '-' or '+'
  std::string_view text;
};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The furthest x on each diagonal k = x - y, stored from index 0 for k = -max.
struct Frontier {
  explicit Frontier(int size) : max(size), x(static_cast<std::size_t>(2 * size + 1), 0) {}
  int& at(int diagonal) { return x[static_cast<std::size_t>(diagonal + max)]; }
  int at(int diagonal) const { return x[static_cast<std::size_t>(diagonal + max)]; }
  bool came_down(int diagonal, int edits) const {
    return diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
  }
  int max;
  std::vector<int> x;
};

std::vector<Edit> walk_back(const Lines& a, const Lines& b, const std::vector<Frontier>& trace) {
  std::vector<Edit> edits;
  int x = static_cast<int>(a.size());
  int y = static_cast<int>(b.size());
  const auto keep = [&] { edits.push_back({' ', a[static_cast<std::size_t>(--x)]}), --y; };
  for (int count = static_cast<int>(trace.size()) - 1; count > 0; --count) {
    const Frontier& before = trace[static_cast<std::size_t>(count)];
    const int diagonal = x - y;
    const bool down = before.came_down(diagonal, count);
    const int from_x = before.at(down ? diagonal + 1 : diagonal - 1);
    const int from_y = from_x - (down ? diagonal + 1 : diagonal - 1);
    while (x > from_x && y > from_y) keep();
    if (down) {
      edits.push_back({'+', b[static_cast<std::size_t>(--y)]});
    } else {
      edits.push_back({'-', a[static_cast<std::size_t>(--x)]});
    }
  }
  while (x > 0 && y > 0) keep();
  std::reverse(edits.begin(), edits.end());
  return edits;
}

std::vector<Edit> replace_all(const Lines& a, const Lines& b) {
  std::vector<Edit> edits;
  for (const auto line : a) edits.push_back({'-', line});
  for (const auto line : b) edits.push_back({'+', line});
  return edits;
}

std::vector<Edit> shortest_edits(const Lines& a, const Lines& b) {
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  const int max = std::min(n + m, kMaxEdits) + 1;
  Frontier frontier(max);
  std::vector<Frontier> trace;
  for (int count = 0; count < max; ++count) {
    trace.push_back(frontier);
    for (int diagonal = -count; diagonal <= count; diagonal += 2) {
      int x = frontier.came_down(diagonal, count) ? frontier.at(diagonal + 1) : frontier.at(diagonal - 1) + 1;
      int y = x - diagonal;
      while (x < n && y < m && x >= 0 && y >= 0 && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(y)]) {
        ++x, ++y;
      }
      frontier.at(diagonal) = x;
      if (x >= n && y >= m) return walk_back(a, b, trace);
    }
  }
  return replace_all(a, b);
}

std::vector<Edit> edits_between(Lines a, Lines b) {
  std::vector<Edit> head, tail;
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) head.push_back({' ', a[same++]});
  a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(same));
  b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(same));
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    tail.push_back({' ', a.back()});
    a.pop_back(), b.pop_back();
  }
  const std::vector<Edit> middle = shortest_edits(a, b);
  head.insert(head.end(), middle.begin(), middle.end());
  head.insert(head.end(), tail.rbegin(), tail.rend());
  return head;
}

// Where a hunk that begins at `at` ends: past the last change that has another within twice the context before it.
std::size_t hunk_end(const std::vector<Edit>& edits, std::size_t at) {
  std::size_t last_change = at;
  for (std::size_t i = at; i < edits.size() && i - last_change <= 2 * kContext; ++i) {
    if (edits[i].mark != ' ') last_change = i;
  }
  return std::min(last_change + kContext + 1, edits.size());
}

std::string range(int first, int count) {
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
  const std::vector<Edit> edits = edits_between(lines_of(before), lines_of(after));
  std::string text;
  int old_line = 1;
  int new_line = 1;
  const auto pass = [&](const Edit& edit) { old_line += edit.mark != '+', new_line += edit.mark != '-'; };
  std::size_t shown = 0;
  for (std::size_t at = 0; at < edits.size(); ++at) {
    if (edits[at].mark == ' ') continue;
    const std::size_t begin = std::max(shown, at > kContext ? at - kContext : 0);
    while (shown < begin) pass(edits[shown++]);
    const int old_first = old_line;
    const int new_first = new_line;
    std::string body;
    for (const std::size_t end = hunk_end(edits, at); shown < end; ++shown) {
      pass(edits[shown]);
      body += fmt::format("{}{}\n", edits[shown].mark, edits[shown].text);
    }
    if (text.empty()) text = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
    text += fmt::format("@@ -{} +{} @@\n{}", range(old_first, old_line - old_first),
                        range(new_first, new_line - new_first), body);
    at = shown - 1;
  }
  return text;
}

}  // namespace martlet
