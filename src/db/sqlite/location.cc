#include "db/sqlite/location.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

namespace martlet::sqlite {
namespace {

using Choices = std::vector<std::string>;

const std::map<std::string, Choices>& known_options() {
  static const std::map<std::string, Choices> known{
      {"foreign_keys", {"on", "off"}},
      {"journal_mode", {"delete", "truncate", "persist", "memory", "wal"}},
      {"mode", {"rw", "ro"}},
      {"synchronous", {"off", "normal", "full", "extra"}},
  };
  return known;
}

Choices known_names() {
  Choices names;
  for (const auto& [name, choices] : known_options()) names.push_back(name);
  return names;
}

std::string_view after_scheme(std::string_view url) {
  return url.substr(url.find(':') + 1);
}

void check_option(std::string_view url, const std::string& name, const std::string& value) {
  const auto known = known_options().find(name);
  if (known == known_options().end()) {
    const auto meant = nearest(name, known_names());
    throw Error(ErrorKind::usage,
                fmt::format("unknown option \"{}\" in the database URL {}", name, mask_passwords(url)))
        .next(meant ? fmt::format("did you mean {}?", *meant) : "known options: " + join(known_names(), ", "));
  }
  if (std::find(known->second.begin(), known->second.end(), value) == known->second.end()) {
    throw Error(ErrorKind::usage, fmt::format("option {} of the database URL is \"{}\"", name, value))
        .next("it can be " + join(known->second, ", "));
  }
}

}  // namespace

std::map<std::string, std::string> options(std::string_view url) {
  std::map<std::string, std::string> found;
  const auto mark = url.find('?');
  if (mark == std::string_view::npos) return found;
  for (const std::string& part : split_list(url.substr(mark + 1), '&')) {
    const auto equals = std::min(part.find('='), part.size());
    const std::string name = lower(part.substr(0, equals));
    const std::string value = lower(part.substr(std::min(equals + 1, part.size())));
    check_option(url, name, value);
    found[name] = value;
  }
  return found;
}

std::string target(std::string_view url) {
  options(url);
  std::string_view path = after_scheme(url);
  path = path.substr(0, path.find('?'));
  if (path.starts_with("//")) {
    path.remove_prefix(2);
    if (!path.starts_with('/')) {
      throw Error(ErrorKind::usage, fmt::format("the SQLite URL {} names a host", mask_passwords(url)))
          .next("write sqlite:relative/path, sqlite:///absolute/path or sqlite::memory:");
    }
  }
  if (path.empty()) {
    throw Error(ErrorKind::usage, "the SQLite URL names no file").next("write sqlite:path or sqlite::memory:");
  }
  return std::string(path);
}

std::string beside(const Url& url, std::string_view name) {
  if (url.target() == kMemory) return url.text();
  const auto path = std::filesystem::path(url.target()).parent_path() / std::filesystem::path(name);
  const auto mark = url.text().find('?');
  return "sqlite:" + path.string() + (mark == std::string::npos ? "" : url.text().substr(mark));
}

}  // namespace martlet::sqlite
