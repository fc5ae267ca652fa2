// Rows in aligned columns.
#include <algorithm>
#include <numeric>

#include "cli/output.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 6;

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
         kGap * (widths.empty() ? 0 : widths.size() - 1);
}

// The widest column gives way first: short ones (version, state) are what people look for.
void fit(std::vector<std::size_t>& widths, std::size_t available) {
  while (total(widths) > available) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

}  // namespace

void Output::table(const std::vector<std::string>& header, const std::vector<std::vector<Cell>>& rows) {
  if (options_.json || options_.quiet) return;
  std::vector<std::size_t> widths;
  for (const std::string& title : header) widths.push_back(display_width(title));
  for (const auto& row : rows) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  fit(widths, static_cast<std::size_t>(options_.width));

  const auto print = [&](const std::vector<Cell>& row) {
    std::string text;
    std::size_t owed = 0;  // blanks are written only before something: no line ends in them
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = cut_to_width(one_line(row[i].text), widths[i]);
      if (!cell.empty()) {
        text.append(owed, ' ');
        text += styled(cell, row[i].style);
        owed = 0;
      }
      owed += widths[i] - display_width(cell) + kGap;
    }
    line(text);
  };
  if (!header.empty()) {
    std::vector<Cell> titles;
    for (const std::string& title : header) titles.push_back({title, Style::dim});
    print(titles);
  }
  for (const auto& row : rows) print(row);
}

}  // namespace martlet
