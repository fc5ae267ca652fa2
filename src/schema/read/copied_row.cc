#include "schema/read/copied_row.h"

#include <algorithm>
#include <charconv>

#include "db/connection.h"

namespace martlet {
namespace {

// COPY's text format writes control characters and backslashes as \t, \\, …
char unescaped(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return letter;
  }
}

bool is_number_part(char c) {
  return c == '-' || (c >= '0' && c <= '9');
}

template <class Number>
std::vector<Number> numbers_of(std::string_view field) {
  std::vector<Number> numbers;
  const char* const end = field.data() + field.size();
  for (const char* at = field.data(); at < end;) {
    Number number = 0;
    const auto [behind, error] = std::from_chars(at, end, number);
    if (error == std::errc()) numbers.push_back(number);
    at = std::find_if(error == std::errc() ? behind : at + 1, end, is_number_part);
  }
  return numbers;
}

template <class Number>
Number number_of(std::string_view field) {
  Number number = 0;
  std::from_chars(field.data(), field.data() + field.size(), number);
  return number;
}

}  // namespace

void CopiedRow::read(std::string_view line) {
  fields_.clear();
  while (true) {
    const std::size_t end = line.find('\t');
    fields_.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

std::string CopiedRow::text(std::size_t field) const {
  const std::string_view raw = fields_[field];
  if (raw == "\\N") return "";
  std::string text;
  text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] == '\\' && at + 1 < raw.size()) {
      text += unescaped(raw[++at]);
    } else {
      text += raw[at];
    }
  }
  return text;
}

char CopiedRow::letter(std::size_t field, char none) const {
  return is_null(field) || fields_[field].empty() ? none : fields_[field].front();
}

ObjectId CopiedRow::id(std::size_t field) const {
  return number_of<ObjectId>(fields_[field]);
}

std::int64_t CopiedRow::number(std::size_t field) const {
  return number_of<std::int64_t>(fields_[field]);
}

double CopiedRow::real(std::size_t field) const {
  return number_of<double>(fields_[field]);
}

std::vector<int> CopiedRow::integers(std::size_t field) const {
  return is_null(field) ? std::vector<int>{} : numbers_of<int>(fields_[field]);
}

std::vector<ObjectId> CopiedRow::ids(std::size_t field) const {
  return is_null(field) ? std::vector<ObjectId>{} : numbers_of<ObjectId>(fields_[field]);
}

std::vector<std::string> CopiedRow::texts(std::size_t field) const {
  return is_null(field) ? std::vector<std::string>{} : split_array(text(field));
}

void each_copied_row(Connection& connection, std::string_view query,
                     const std::function<void(const CopiedRow&)>& visit) {
  CopiedRow row;
  std::string unfinished;
  const auto take = [&](std::string_view chunk) {
    for (std::size_t end = chunk.find('\n'); end != std::string_view::npos; end = chunk.find('\n')) {
      if (unfinished.empty()) {
        row.read(chunk.substr(0, end));
        visit(row);
      } else {
        unfinished.append(chunk.substr(0, end));
        row.read(unfinished);
        visit(row);
        unfinished.clear();
      }
      chunk.remove_prefix(end + 1);
    }
    unfinished.append(chunk);
  };
  connection.copy_out("COPY (" + std::string(query) + ") TO STDOUT", take);
}

std::vector<std::string> split_array(std::string_view text) {
  std::vector<std::string> elements;
  if (text.size() < 2 || text == "{}") return elements;
  text = text.substr(1, text.size() - 2);
  std::string element;
  bool quoted = false, was_quoted = false;
  const auto finish = [&] {
    elements.push_back(!was_quoted && element == "NULL" ? std::string() : element);
    element.clear();
    was_quoted = false;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      element += text[++at];
    } else if (text[at] == '"') {
      quoted = !quoted;
      was_quoted = true;
    } else if (text[at] == ',' && !quoted) {
      finish();
    } else {
      element += text[at];
    }
  }
  finish();
  return elements;
}

}  // namespace martlet
