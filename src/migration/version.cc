#include "migration/version.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr std::string_view kDigits = "0123456789";
// A number of eight digits or more is a date or a timestamp: those have gaps by nature.
constexpr std::size_t kMaxSequenceDigits = 7;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_separator(char c) {
  return c == '.' || c == '_';
}

// Takes the next number off `rest`, without leading zeros; empty for zero or where there is none.
std::string_view take_number(std::string_view& rest) {
  if (!rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
  const auto length = std::min(rest.find_first_not_of(kDigits), rest.size());
  std::string_view number = rest.substr(0, length);
  rest.remove_prefix(length);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

bool has_number(std::string_view rest) {
  if (!rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
  return !rest.empty() && is_digit(rest.front());
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  while (has_number(a) || has_number(b)) {
    const std::string_view x = has_number(a) ? take_number(a) : std::string_view{};
    const std::string_view y = has_number(b) ? take_number(b) : std::string_view{};
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y); order != 0) return order;
  }
  return a.compare(b);
}

bool is_version(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i]) && !(is_separator(text[i]) && is_digit(text[i + 1]))) return false;
  }
  return true;
}

long sequence_number(std::string_view version) {
  if (version.empty() || version.find_first_not_of(kDigits) != std::string_view::npos) return -1;
  if (version.size() > kMaxSequenceDigits) return -1;
  return std::stol(std::string(version));
}

std::string number_like(std::string_view model, long number) {
  std::string text = std::to_string(number);
  if (text.size() < model.size()) text.insert(0, model.size() - text.size(), '0');
  return text;
}

}  // namespace martlet
