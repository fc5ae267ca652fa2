#include "net/mail_text.h"

#include <fmt/format.h>

#include <ctime>

#include "base/base64.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::size_t kLine = 76;  // characters of base64
constexpr std::size_t kWord = 39;  // bytes of one encoded word: with its header a line of less than 76 characters

// "Sun, 29 Nov 2026 15:34:56 +0000", whatever the locale.
std::string mail_date(std::chrono::system_clock::time_point now) {
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm at{};
  gmtime_r(&seconds, &at);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[at.tm_wday], at.tm_mday, kMonths[at.tm_mon],
                     at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

// A header's text: line breaks would begin another header.
std::string header_text(std::string_view text) {
  std::string line;
  bool plain = true;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 32 || c == 127;
    line += control ? ' ' : c;
    plain = plain && static_cast<unsigned char>(c) < 128;
  }
  if (plain && line.size() <= 200) return line;
  std::string words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = std::min(at + kWord, line.size());
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;  // whole characters
    words += fmt::format("{}=?utf-8?B?{}?=", words.empty() ? "" : "\r\n ", to_base64(line.substr(at, end - at)));
    at = end;
  }
  return words;
}

}  // namespace

std::string mail_text(const Mail& mail, std::string_view id, std::chrono::system_clock::time_point now) {
  const std::string host = mail.from.substr(mail.from.rfind('@') + 1);
  std::string text = fmt::format(
      "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\nAuto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
      mail.from, join(mail.to, ",\r\n "), header_text(mail.subject), mail_date(now), id, host);
  const std::string body = to_base64(mail.text);
  for (std::size_t at = 0; at < body.size(); at += kLine) text += body.substr(at, kLine) + "\r\n";
  return text;
}

}  // namespace martlet
