#include "db/url.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/registry.h"
#include "base/secret.h"
#include "base/text.h"
#include "db/connection.h"
#include "db/scheme.h"

namespace martlet {
namespace {

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
    const bool may_hold_secrets = text.find_first_of("=@") != std::string_view::npos;
    throw Error(ErrorKind::usage,
                may_hold_secrets ? "this is not a database URL" : fmt::format("\"{}\" is not a database URL", text))
        .next(fmt::format("write {}", examples()));
  }
  const auto meant = nearest(scheme, known_schemes());
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" is not a kind of database that martlet knows: it supports PostgreSQL and SQLite only",
                          scheme))
      .next(meant ? fmt::format("did you mean {}:? Write {}", *meant, examples())
                  : fmt::format("write {}", examples()));
}

std::string scheme_of(std::string_view text) {
  if (text.empty()) {
    throw Error(ErrorKind::usage, "the database URL is empty").next(fmt::format("write {}", examples()));
  }
  const auto colon = text.find(':');
  return colon == std::string_view::npos ? "" : lower(text.substr(0, colon));
}

const Driver& known_driver(std::string_view text, std::string_view scheme) {
  const Driver* driver = find_driver(scheme);
  if (!driver) refuse_scheme(text, scheme);
  return *driver;
}

}  // namespace

const Driver& driver_for(const Url& url) {
  return known_driver(url.text(), url.scheme());
}

Dialect dialect_of(std::string_view url) {
  url = trim(url);
  return known_driver(url, scheme_of(url)).dialect;
}

Url Url::parse(std::string_view text) {
  text = trim(text);
  Url url;
  url.text_ = text;
  url.scheme_ = scheme_of(text);
  url.text_.replace(0, url.scheme_.size(), url.scheme_);  // libpq knows it in lower case only
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
