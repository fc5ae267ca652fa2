#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/text.h"
#include "cli/error_text.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::string_view escape_code(Style style) {
  switch (style) {
    case Style::good:
      return "\033[32m";
    case Style::bad:
      return "\033[31m";
    case Style::warning:
      return "\033[33m";
    case Style::dim:
      return "\033[2m";
    case Style::strong:
      return "\033[1m";
    case Style::plain:
      break;
  }
  return "";
}

// Database text may hold any bytes: what is not UTF-8 is replaced rather than losing the whole answer.
void write_json(const nlohmann::ordered_json& json, int indent) {
  write(stdout, json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  std::fflush(stdout);
}

void write_whole(const nlohmann::ordered_json& json) {
  write_json(json, isatty(STDOUT_FILENO) ? 2 : -1);
}

}  // namespace

void Output::line(std::string_view text, Style style) {
  if (options_.json || options_.quiet) return;
  write(stdout, styled(text, style) + "\n");
}

void Output::raw(std::string_view text) {
  if (!options_.json) write(stdout, text);
}

void Output::warn(std::string_view text) {
  std::fflush(stdout);
  Output paint(options_);
  paint.options_.color = stderr_has_color() && options_.color_wanted;
  write(stderr, fmt::format("{} {}\n", paint.styled("warning:", Style::warning), text));
}

void Output::record(const nlohmann::ordered_json& object) {
  if (!options_.json) return;
  has_records_ = true;
  write_json(object, -1);
}

void Output::finish(int code) {
  if (options_.json && !has_records_) {
    nlohmann::ordered_json whole{{"ok", code == 0}, {"code", code}};
    whole.update(json_);
    write_whole(whole);
  }
  std::fflush(stdout);
}

void Output::fail(const Error& error) {
  std::fflush(stdout);
  if (options_.json) {
    nlohmann::ordered_json whole = error_json(error);
    for (const auto& [key, value] : json_.items()) {
      if (!whole.contains(key)) whole[key] = value;
    }
    write_whole(whole);
    return;
  }
  Output paint(options_);
  paint.options_.color = stderr_has_color() && options_.color_wanted;
  write(stderr, error_text(error, paint));
}

bool Output::confirm(std::string_view question) {
  if (!options_.interactive || options_.json) return false;
  std::fflush(stdout);
  write(stderr, fmt::format("{} [y/N] ", question));
  std::fflush(stderr);
  char answer[64];
  if (!std::fgets(answer, sizeof answer, stdin)) return false;
  const std::string word = lower(trim(answer));
  return word == "y" || word == "yes";
}

std::string Output::styled(std::string_view text, Style style) const {
  if (!options_.color || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", escape_code(style), text);
}

}  // namespace martlet
