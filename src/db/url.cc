#include "db/url.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/registry.h"
#include "base/text.h"
#include "db/connection.h"

namespace martlet {
namespace {

constexpr std::string_view kMask = "***";

// Where the `?key=value` part begins: a `?` that no `=` follows belongs to a password.
std::size_t query_start(std::string_view text) {
  const auto mark = text.rfind('?');
  return mark != std::string_view::npos && text.find('=', mark) != std::string_view::npos ? mark : text.size();
}

// `scheme://user:password@host`: up to the last `@`, so that a password with an unescaped `@` or `/` is not shown
// either.
void mask_user_info(std::string& text) {
  for (auto start = text.find("://"); start != std::string::npos; start = text.find("://", start)) {
    start += 3;
    const auto end = std::min(text.find_first_of(" \t\n\"", start), text.size());
    const auto limit = start + query_start(std::string_view(text).substr(start, end - start));
    const auto at = text.rfind('@', limit - 1);
    const auto colon = text.find(':', start);
    if (limit == start || at == std::string::npos || at < start || colon == std::string::npos || colon > at) continue;
    text.replace(colon + 1, at - colon - 1, kMask);
  }
}

std::size_t value_end(std::string_view text, std::size_t start) {
  if (start >= text.size() || text[start] != '\'')
    return std::min(text.find_first_of("& \t\r\n\"", start), text.size());
  std::size_t end = start + 1;
  while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

// `password=…` and `sslpassword=…`, in a query or between spaces.
void mask_options(std::string& text) {
  constexpr std::string_view kKey = "password=";
  std::size_t from = 0;
  for (;;) {
    const auto found = lower(text).find(kKey, from);
    if (found == std::string::npos) return;
    const auto start = found + kKey.size();
    text.replace(start, value_end(text, start) - start, kMask);
    from = start;
  }
}

std::vector<std::string> known_schemes() {
  std::vector<std::string> schemes;
  for (const Driver* driver : Registry<Driver>::all())
    schemes.insert(schemes.end(), driver->schemes.begin(), driver->schemes.end());
  return schemes;
}

std::string examples() {
  std::vector<std::string> shown;
  for (const Driver* driver : Registry<Driver>::all()) shown.emplace_back(driver->example);
  return join(shown, " or ");
}

const Driver* find_driver(std::string_view scheme) {
  for (const Driver* driver : Registry<Driver>::all()) {
    for (const std::string_view known : driver->schemes) {
      if (known == scheme) return driver;
    }
  }
  return nullptr;
}

bool looks_like_scheme(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+.-") == std::string_view::npos;
}

[[noreturn]] void refuse_scheme(std::string_view text, std::string_view scheme) {
  if (!looks_like_scheme(scheme)) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a database URL", mask_passwords(text)))
        .next(fmt::format("write {}", examples()));
  }
  const auto meant = nearest(scheme, known_schemes());
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" is not a kind of database that martlet knows: it supports PostgreSQL and SQLite only",
                          scheme))
      .next(meant ? fmt::format("did you mean {}:? Write {}", *meant, examples())
                  : fmt::format("write {}", examples()));
}

}  // namespace

std::string mask_passwords(std::string_view text) {
  std::string masked(text);
  mask_user_info(masked);
  mask_options(masked);
  return masked;
}

const Driver& driver_for(const Url& url) {
  const Driver* driver = find_driver(url.scheme());
  if (!driver) refuse_scheme(url.text(), url.scheme());
  return *driver;
}

Url Url::parse(std::string_view text) {
  text = trim(text);
  if (text.empty()) {
    throw Error(ErrorKind::usage, "the database URL is empty").next(fmt::format("write {}", examples()));
  }
  Url url;
  url.text_ = text;
  const auto colon = text.find(':');
  url.scheme_ = colon == std::string_view::npos ? "" : lower(text.substr(0, colon));
  url.target_ = driver_for(url).target(url.text_);
  return url;
}

Dialect Url::dialect() const {
  return driver_for(*this).dialect;
}

std::string Url::shown() const {
  return mask_passwords(text_);
}

std::string Url::database() const {
  return driver_for(*this).database(*this);
}

Url Url::with_database(std::string_view name) const {
  return parse(driver_for(*this).renamed(*this, name));
}

}  // namespace martlet
