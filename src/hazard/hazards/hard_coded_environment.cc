#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/literals.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Names of formats and examples, which are the same everywhere.
bool is_fixed_host(std::string_view host) {
  constexpr std::array<std::string_view, 7> kFixed{"example.com", "example.org",     "example.net", "w3.org",
                                                   "schema.org",  "json-schema.org", "xmlsoap.org"};
  return std::ranges::any_of(kFixed, [&](std::string_view each) {
    return host == each || (host.ends_with(each) && host[host.size() - each.size() - 1] == '.');
  });
}

bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0 || colon > 16) return false;
  const std::string_view scheme = text.substr(0, colon);
  const bool is_scheme = std::ranges::all_of(
      scheme, [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '.' || c == '-' || c == ':'; });
  const std::string_view rest = text.substr(colon + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/:?#"));
  const bool is_host = !host.empty() && (std::isalnum(static_cast<unsigned char>(host[0])) || host[0] == '[');
  return is_scheme && is_host && !is_fixed_host(host);
}

// Four numbers up to 255 with dots between them; a prefix length or port may follow, anything else may not.
bool is_address(std::string_view text) {
  std::size_t at = 0;
  int first = -1;
  for (int part = 0; part < 4; ++part) {
    int value = 0;
    const std::size_t begin = at;
    for (; at < text.size() && is_digit(text[at]) && at - begin < 3; ++at) value = value * 10 + (text[at] - '0');
    if (at == begin || value > 255) return false;
    if (first < 0) first = value;
    if (part < 3 && (at >= text.size() || text[at++] != '.')) return false;
  }
  if (first == 0 || first == 255) return false;  // the whole world, a mask
  return at == text.size() || ((text[at] == ':' || text[at] == '/') && at + 1 < text.size() && is_digit(text[at + 1]));
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view host = text.substr(0, colon);
  const bool is_local = equals_ignoring_case(host, "localhost");
  if (colon == std::string_view::npos) return is_local;
  const std::string_view port = text.substr(colon + 1);
  const std::size_t digits = std::min(port.find_first_not_of("0123456789"), port.size());
  if (digits < 2 || digits > 5 || (digits < port.size() && port[digits] != '/')) return false;
  const bool is_name =
      std::ranges::all_of(host, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-' || c == '_'; });
  const bool has_letter = std::ranges::any_of(host, [](unsigned char c) { return std::isalpha(c); });
  return is_local || (is_name && has_letter && host.find('.') != std::string_view::npos);
}

bool is_path(std::string_view text) {
  constexpr std::array<std::string_view, 11> kRoots{"/tmp/", "/var/", "/home/", "/etc/",   "/usr/", "/opt/",
                                                    "/mnt/", "/srv/", "/root/", "/Users/", "/run/"};
  if (std::ranges::any_of(kRoots, [&](std::string_view root) { return text.starts_with(root); })) return true;
  return text.size() > 3 && std::isalpha(static_cast<unsigned char>(text[0])) && text.substr(1, 2) == ":\\";
}

std::string_view kind_of(std::string_view value) {
  if (value.size() < 6 || value.size() > 500 || value.find('\n') != std::string_view::npos) return "";
  if (is_url(value)) return "a URL";
  if (is_address(value)) return "a network address";
  if (is_host_and_port(value)) return "a host";
  if (is_path(value)) return "a path";
  const bool is_connection =
      value.find("host=") != std::string_view::npos || value.find("hostaddr=") != std::string_view::npos;
  return is_connection ? "a host" : "";
}

// The place is the database's own business there, or the other hazard's that knows more.
bool is_left_out(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_COMMENT_STMT || node.node_case == PG_QUERY__NODE__NODE_COPY_STMT ||
         node.node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT;
}

// external-dependency knows more about it.
bool is_attach(const Statement& statement) {
  return Lexer(statement.text, Dialect::sqlite).accept("attach");
}

void check(const Case& at, Findings& found) {
  if (at.in_body || (at.sqlite ? is_attach(at.statement) : !at.node || is_left_out(*at.node))) return;
  each_literal(at, [&](const std::string& value, std::size_t offset) {
    const std::string_view kind = kind_of(value);
    if (kind.empty()) return;
    found.add(at, fmt::format("{} that holds for one environment only is written into the migration", kind),
              static_cast<int>(offset));
  });
}

const Registered<Hazard> kHazard{{
    .id = "hard-coded-environment",
    .severity = Hazard::Severity::warning,
    .summary = "a host, URL, network address or path in a literal",
    .why =
        "The same file runs in development, staging and production: what is right in one of them points to the wrong "
        "place in the others, and staging then writes to production or the other way round.",
    .safe_form = "Let the application read it from its configuration, or use a placeholder that each environment sets.",
    .on = {},
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
