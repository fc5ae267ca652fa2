#include "db/postgres/options.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "base/secret.h"
#include "base/text.h"
#include "db/postgres/libpq.h"

namespace martlet::postgres {
namespace {

struct OptionsDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionList = std::unique_ptr<PQconninfoOption, OptionsDeleter>;

// libpq quotes the piece it could not read, which may be a piece of a password.
std::string without_quoted_pieces(std::string text) {
  for (auto open = text.find('"'); open != std::string::npos; open = text.find('"', open)) {
    const auto close = text.find('"', open + 1);
    if (close == std::string::npos) break;
    text.replace(open, close - open + 1, "***");
    open += 3;
  }
  return text;
}

// An unescaped `@` or `/` in a password ends it too early, and the rest would be taken for a host, port or database
// name, which every error shows.
void refuse_bare_at(std::string_view url) {
  const auto start = url.find("://") + 3;
  const auto mark = url.rfind('?');
  const bool has_query = mark != std::string_view::npos && url.find('=', mark) != std::string_view::npos;
  const std::string_view parts = url.substr(start, has_query ? mark - start : std::string_view::npos);
  const auto last = parts.rfind('@');
  if (last == std::string_view::npos || (parts.find('@') == last && parts.find('/') > last)) return;
  throw Error(ErrorKind::usage, "the database URL has an @ in an unexpected place")
      .next("write an @ inside a user name, password or database name as %40, and a / as %2F");
}

std::map<std::string, std::string> present(const PQconninfoOption* option) {
  std::map<std::string, std::string> values;
  for (; option && option->keyword; ++option) {
    if (option->val) values[option->keyword] = option->val;
  }
  return values;
}

std::map<std::string, std::string> environment_options() {
  return present(OptionList(PQconndefaults()).get());
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-' || c == '.' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// Both in the form that PQ's `options` takes: backslash before space and backslash.
std::string escaped_setting(std::string_view name, std::string_view value) {
  std::string escaped = fmt::format("-c {}=", name);
  for (const char c : value) {
    if (c == ' ' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string startup_options(const std::string& given, const OpenOptions& options, Startup startup) {
  std::vector<std::string> parts;
  if (startup == Startup::all) parts.push_back(escaped_setting("client_connection_check_interval", "2s"));
  for (const auto& [name, value] : options.settings) parts.push_back(escaped_setting(name, value));
  if (!given.empty()) parts.push_back(given);
  return join(parts, " ");
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

// libpq looks at ports only when it connects, and a word there is a mistake in the URL, not of the network.
void refuse_bad_ports(const std::map<std::string, std::string>& options) {
  const auto given = options.find("port");
  if (given == options.end()) return;
  for (const std::string& port : split_list(given->second, ',')) {
    if (port.empty() || is_port(port)) continue;
    throw Error(ErrorKind::usage,
                fmt::format("the database URL has the port \"{}\", which is no number from 1 to 65535", port))
        .next("write postgres://user@host:5432/database");
  }
}

}  // namespace

std::map<std::string, std::string> url_options(std::string_view url) {
  refuse_bare_at(url);
  char* reason = nullptr;
  const OptionList options(PQconninfoParse(std::string(url).c_str(), &reason));
  if (options) {
    std::map<std::string, std::string> values = present(options.get());
    refuse_bad_ports(values);
    return values;
  }
  std::string why = reason ? std::string(trim(reason)) : "out of memory";
  PQfreemem(reason);
  const std::string shown = mask_passwords(url);
  if (shown != url) why = without_quoted_pieces(why);
  throw Error(ErrorKind::usage, fmt::format("cannot read the database URL {}: {}", shown, why))
      .next("write postgres://user@host:5432/database?option=value; special characters in a part as %XX");
}

std::string Destination::server() const {
  if (host.empty() || host.front() == '/' || host.front() == '@') {
    return fmt::format("the socket folder {} (port {})", host, port);
  }
  return fmt::format("{}:{}", host, port);
}

Destination destination(const Url& url) {
  // libpq resolves service files and defaults only while it connects: an sslmode it must refuse ends that before it
  // contacts anything, and after it has put the parts together.
  const char* const keywords[] = {"dbname", "sslmode", nullptr};
  const char* const values[] = {url.text().c_str(), "resolve-only", nullptr};
  const auto finish = [](PGconn* connection) { PQfinish(connection); };
  const std::unique_ptr<PGconn, decltype(finish)> probe(PQconnectStartParams(keywords, values, 1), finish);
  const auto text = [](const char* part) { return std::string(part ? part : ""); };
  if (!probe) return {};
  return {text(PQhost(probe.get())), text(PQport(probe.get())), text(PQuser(probe.get())), text(PQdb(probe.get()))};
}

std::string with_database(const Url& url, std::string_view name) {
  const std::string& text = url.text();
  const auto start = text.find("://") + 3;
  const auto user_end = text.find_first_of("@/", start);
  const auto host = user_end != std::string::npos && text[user_end] == '@' ? user_end + 1 : start;
  const auto authority_end = std::min(text.find_first_of("/?", host), text.size());
  const auto query = std::min(text.find('?', authority_end), text.size());
  std::vector<std::string> kept;
  for (std::string& option : split_list(std::string_view(text).substr(std::min(query + 1, text.size())), '&')) {
    if (!option.starts_with("dbname=")) kept.push_back(std::move(option));
  }
  return text.substr(0, authority_end) + "/" + percent_encoded(name) + (kept.empty() ? "" : "?" + join(kept, "&"));
}

std::map<std::string, std::string> connection_parameters(const Url& url, const OpenOptions& options, Startup startup) {
  const auto given = url_options(url.text());
  const auto defaults = environment_options();
  const auto find = [&](const std::string& key) {
    const auto in_url = given.find(key);
    if (in_url != given.end()) return in_url->second;
    const auto by_default = defaults.find(key);
    return by_default != defaults.end() ? by_default->second : std::string();
  };
  std::map<std::string, std::string> parameters{{"application_name", options.application_name},
                                                {"client_encoding", "UTF8"}};
  if (startup != Startup::no_options) parameters["options"] = startup_options(find("options"), options, startup);
  // A peer that vanished is noticed in about two minutes instead of the system's two hours.
  if (find("keepalives_idle").empty()) parameters["keepalives_idle"] = "60";
  if (find("keepalives_interval").empty()) parameters["keepalives_interval"] = "15";
  if (find("keepalives_count").empty()) parameters["keepalives_count"] = "4";
  return parameters;
}

}  // namespace martlet::postgres
