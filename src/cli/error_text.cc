#include "cli/error_text.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/secret.h"
#include "base/text.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestExcerpt = 100;

// A line of SQL and the character (from 0) that the caret points at; -1 = none.
struct Excerpt {
  std::string text;
  int number = 0;
  int caret = -1;
};

std::string nth_line(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string line(text.substr(0, text.find('\n')));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string line_of_file(const Place& place) {
  try {
    std::string text = read_file(place.file);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return nth_line(text, place.line);
  } catch (const Error&) {
    return {};  // the file may be gone by now: the message is what counts
  }
}

std::size_t byte_offset(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts && characters-- == 0) break;
  }
  return at;
}

// From the file where the place says so, else from the statement that failed.
Excerpt excerpt_of(const Error& error) {
  Excerpt excerpt;
  if (error.place.line > 0) excerpt = {line_of_file(error.place), error.place.line, error.place.column - 1};
  if (!excerpt.text.empty() || error.statement.empty()) return excerpt;
  if (error.position <= 0) return {nth_line(error.statement, 1), std::max(error.place.line, 1), -1};
  const std::size_t at = byte_offset(error.statement, static_cast<std::size_t>(error.position - 1));
  const LineColumn where = line_column_at(error.statement, at);
  return {nth_line(error.statement, where.line), std::max(error.place.line, where.line), where.column - 1};
}

// A window of the line around the caret; tabs become blanks, so that the caret stands where it should.
void shorten(Excerpt& excerpt) {
  excerpt.text = one_line(excerpt.text);
  const std::size_t characters = count_characters(excerpt.text);
  if (characters <= kLongestExcerpt) return;
  const std::size_t caret = excerpt.caret < 0 ? 0 : static_cast<std::size_t>(excerpt.caret);
  const std::size_t first = caret > kLongestExcerpt / 2 ? caret - kLongestExcerpt / 2 : 0;
  const std::size_t begin = byte_offset(excerpt.text, first);
  const std::size_t end = byte_offset(excerpt.text, first + kLongestExcerpt);
  excerpt.text = fmt::format("{}{}{}", first > 0 ? "…" : "", excerpt.text.substr(begin, end - begin),
                             end < excerpt.text.size() ? "…" : "");
  if (excerpt.caret >= 0) excerpt.caret = static_cast<int>(caret - first + (first > 0 ? 1 : 0));
}

std::string excerpt_text(Excerpt excerpt, const Output& paint) {
  if (excerpt.text.empty()) return {};
  shorten(excerpt);
  std::string text = fmt::format("{:>5} | {}\n", excerpt.number, mask_passwords(excerpt.text));
  if (excerpt.caret < 0) return text;
  const std::string_view before =
      std::string_view(excerpt.text).substr(0, byte_offset(excerpt.text, static_cast<std::size_t>(excerpt.caret)));
  return text + fmt::format("      | {:{}}{}\n", "", display_width(before), paint.styled("^", Style::bad));
}

std::string labelled(std::string_view label, std::string_view text) {
  if (text.empty()) return {};
  std::string indented(trim(text));
  for (std::size_t at = 0; (at = indented.find('\n', at)) != std::string::npos; at += 3) indented.insert(at + 1, "  ");
  return fmt::format("  {}{}\n", label, indented);
}

std::string code_text(const std::string& sqlstate) {
  if (sqlstate.empty()) return {};
  return sqlstate.starts_with("SQLITE") ? fmt::format("  ({})", sqlstate) : fmt::format("  (SQLSTATE {})", sqlstate);
}

}  // namespace

std::string error_text(const Error& error, const Output& paint) {
  std::string text = paint.styled("error:", Style::bad) + " ";
  if (error.place.known()) text += paint.styled(error.place.text(), Style::strong) + ": ";
  text += mask_passwords(error.message) + paint.styled(code_text(error.sqlstate), Style::dim) + "\n";
  text += excerpt_text(excerpt_of(error), paint);
  text += labelled("detail: ", mask_passwords(error.detail));
  text += labelled("hint: ", mask_passwords(error.hint));
  text += labelled("", mask_passwords(error.state));
  text += labelled(paint.styled("next:", Style::good) + " ", error.next_step);
  return text;
}

std::string line_with_caret(std::string line, int number, int column, const Output& paint) {
  return excerpt_text({std::move(line), number, column - 1}, paint);
}

nlohmann::ordered_json error_json(const Error& error) {
  const auto text = [](const std::string& value) {
    return value.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(mask_passwords(value));
  };
  const auto number = [](int value) { return value > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json(); };
  nlohmann::ordered_json json;
  json["ok"] = false;
  json["code"] = exit_code(error.kind);
  json["kind"] = kind_name(error.kind);
  json["message"] = mask_passwords(error.message);
  json["hint"] = text(error.hint);
  json["place"] = nullptr;
  if (error.place.known())
    json["place"] = {
        {"file", error.place.file}, {"line", number(error.place.line)}, {"column", number(error.place.column)}};
  json["sqlstate"] = text(error.sqlstate);
  json["detail"] = text(error.detail);
  json["statement"] = text(error.statement);
  json["state"] = text(error.state);
  json["next"] = text(error.next_step);
  return json;
}

}  // namespace martlet
