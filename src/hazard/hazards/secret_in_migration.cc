// Passwords, keys, tokens and personal data in migrations. What was found is named, and never shown.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/literals.h"
#include "hazard/look.h"
#include "hazard/sqlite_insert.h"
#include "sql/literal.h"

namespace martlet {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

struct TokenForm {
  std::string_view prefix;
  std::size_t rest;  // how many characters follow at least
  std::string_view name;
};
constexpr TokenForm kTokens[] = {
    {"AKIA", 16, "an AWS access key"}, {"ASIA", 16, "an AWS access key"}, {"ghp_", 30, "a GitHub token"},
    {"gho_", 30, "a GitHub token"},    {"ghs_", 30, "a GitHub token"},    {"github_pat_", 30, "a GitHub token"},
    {"glpat-", 18, "a GitLab token"},  {"xoxb-", 20, "a Slack token"},    {"xoxp-", 20, "a Slack token"},
    {"sk_live_", 16, "a Stripe key"},  {"rk_live_", 16, "a Stripe key"},  {"whsec_", 20, "a webhook secret"},
    {"AIza", 35, "a Google API key"},  {"sk-ant-", 20, "an API key"},     {"sk-proj-", 20, "an API key"},
    {"npm_", 30, "an npm token"},
};

std::string_view token_in(std::string_view text) {
  for (const TokenForm& form : kTokens) {
    for (std::size_t at = text.find(form.prefix); at != std::string_view::npos; at = text.find(form.prefix, at + 1)) {
      if (at > 0 && is_word(text[at - 1])) continue;
      std::size_t end = at + form.prefix.size();
      while (end < text.size() && is_word(text[end])) ++end;
      if (end - at >= form.prefix.size() + form.rest) return form.name;
    }
  }
  if (text.find("-----BEGIN ") != std::string_view::npos && text.find("PRIVATE KEY-----") != std::string_view::npos) {
    return "a private key";
  }
  const std::size_t jwt = text.find("eyJ");
  const bool is_jwt = jwt != std::string_view::npos && text.find(".eyJ", jwt) != std::string_view::npos;
  return is_jwt ? "a signed token" : "";
}

// Stands in the place of a value.
bool is_placeholder(std::string_view value) {
  return value.empty() || value.starts_with("$") || value.starts_with("<") || value.starts_with("{") ||
         value.starts_with(":") || value.starts_with("%") || value.find_first_not_of("*xX.") == std::string_view::npos;
}

// scheme://user:password@host
bool has_url_password(std::string_view text) {
  const std::size_t begin = text.find("://");
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = text.substr(begin + 3, text.substr(begin + 3).find_first_of("/ ?"));
  const std::size_t at = rest.rfind('@');
  const std::size_t colon = rest.find(':');
  return at != std::string_view::npos && colon < at && !is_placeholder(rest.substr(colon + 1, at - colon - 1));
}

// password=… of a connection string
bool has_connection_password(std::string_view text) {
  const std::size_t at = text.find("password=");
  if (at == std::string_view::npos || text.find("host") == std::string_view::npos) return false;
  const std::string_view value = text.substr(at + 9, text.substr(at + 9).find_first_of(" &"));
  return !is_placeholder(value) && value != "''";
}

bool is_mail_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-' || c == '+';
}

// Addresses of functions and of examples are nobody's (RFC 2142, RFC 2606).
bool is_nobody(std::string_view local, std::string_view domain) {
  constexpr std::array<std::string_view, 14> kRoles{"admin", "info",       "support",   "noreply", "no-reply",
                                                    "root",  "postmaster", "webmaster", "hello",   "contact",
                                                    "sales", "system",     "test",      "user"};
  const std::string name = lower(local);
  const std::string host = lower(domain);
  if (std::ranges::find(kRoles, name) != kRoles.end()) return true;
  for (const std::string_view end : {"example.com", "example.org", "example.net", ".example", ".test", ".invalid",
                                     ".local", ".localhost", "test.com"}) {
    if (host.ends_with(end)) return true;
  }
  return false;
}

bool has_mail_address(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && is_mail_character(text[begin - 1])) --begin;
    while (end < text.size() && is_mail_character(text[end])) ++end;
    while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const std::string_view local = text.substr(begin, at - begin);
    const std::string_view domain = text.substr(at + 1, end - std::min(end, at + 1));
    const std::size_t dot = domain.rfind('.');
    const bool has_top = dot != std::string_view::npos && dot > 0 && domain.size() - dot > 2 &&
                         std::ranges::all_of(domain.substr(dot + 1), [](unsigned char c) { return std::isalpha(c); });
    if (!local.empty() && has_top && !is_nobody(local, domain)) return true;
  }
  return false;
}

std::string_view kind_of(std::string_view value, bool is_data) {
  if (has_url_password(value)) return "the password of a URL";
  if (has_connection_password(value)) return "the password of a connection";
  if (const std::string_view token = token_in(value); !token.empty()) return token;
  return is_data && has_mail_address(value) ? "somebody's e-mail address" : "";
}

bool is_secret_name(std::string_view name) {
  return is_one_of(lower(name), {"password", "passwd", "pwd", "password_hash", "passphrase", "secret", "client_secret",
                                 "secret_key", "api_key", "apikey", "api_secret", "access_token", "refresh_token",
                                 "auth_token", "private_key", "encrypted_password"});
}

// A text of four characters or more, also as the argument of a function (crypt('…', gen_salt('bf'))).
const PgQuery__AConst* secret_constant(const Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  if (node && node->node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    return node->func_call->n_args > 0 ? secret_constant(node->func_call->args[0]) : nullptr;
  }
  const std::optional<std::string_view> text = string_constant(node);
  return text && text->size() >= 4 && !is_placeholder(*text) ? node->a_const : nullptr;
}

class Look {
 public:
  Look(const Case& at, Findings& found) : at_(at), found_(found) {}

  void at_statement();
  void at_sqlite();

 private:
  void add(std::string_view what, std::size_t offset, std::string_view value);
  void at_literals(bool is_data);
  void at_insert(const PgQuery__InsertStmt& insert);
  void at_options(std::span<Node* const> options);
  void at_targets(std::span<Node* const> targets);
  bool is_filled_in(std::string_view value) const;

  const Case& at_;
  Findings& found_;
  std::vector<std::size_t> said_;
};

// A value that comes from a placeholder is not in the file.
bool Look::is_filled_in(std::string_view value) const {
  if (!at_.migration) return false;
  const auto has = [&](const std::string& text) { return text.find(value) != std::string::npos; };
  const Migration& file = *at_.migration;
  const bool in_file =
      has(file.up.text) || (file.down && has(file.down->text)) || (file.contract && has(file.contract->text));
  return !in_file && value.find_first_of("'\\") == std::string_view::npos;
}

void Look::add(std::string_view what, std::size_t offset, std::string_view value) {
  if (is_filled_in(value) || std::ranges::find(said_, offset) != said_.end()) return;
  said_.push_back(offset);
  found_.add(at_, fmt::format("{} stands in the migration, for everybody who can read the repository", what),
             static_cast<int>(offset));
}

bool holds_data(const Node& node) {
  const auto kind = node.node_case;
  return kind == PG_QUERY__NODE__NODE_INSERT_STMT || kind == PG_QUERY__NODE__NODE_UPDATE_STMT ||
         kind == PG_QUERY__NODE__NODE_DELETE_STMT || kind == PG_QUERY__NODE__NODE_DO_STMT ||
         kind == PG_QUERY__NODE__NODE_MERGE_STMT;
}

void Look::at_literals(bool is_data) {
  each_literal(at_, [&](const std::string& value, std::size_t offset) {
    const std::string_view what = kind_of(value, is_data);
    if (!what.empty()) add(what, offset, value);
  });
}

void Look::at_insert(const PgQuery__InsertStmt& insert) {
  if (!insert.select_stmt || insert.n_cols == 0) return;
  const PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
  for (std::size_t column = 0; column < insert.n_cols; ++column) {
    if (!is_secret_name(insert.cols[column]->res_target->name)) continue;
    for (const Node* row : list(select.n_values_lists, select.values_lists)) {
      if (column >= row->list->n_items) continue;
      if (const PgQuery__AConst* value = secret_constant(row->list->items[column])) {
        add(fmt::format("a value of {}", insert.cols[column]->res_target->name),
            static_cast<std::size_t>(value->location), value->sval->sval);
      }
    }
  }
}

void Look::at_targets(std::span<Node* const> targets) {
  for (const Node* each : targets) {
    if (!is_secret_name(each->res_target->name)) continue;
    if (const PgQuery__AConst* value = secret_constant(each->res_target->val)) {
      add(fmt::format("a value of {}", each->res_target->name), static_cast<std::size_t>(value->location),
          value->sval->sval);
    }
  }
}

// PASSWORD '…' of a role, OPTIONS (password '…') of a user mapping.
void Look::at_options(std::span<Node* const> options) {
  for (const Node* each : options) {
    const PgQuery__DefElem& option = *each->def_elem;
    const std::string_view value = string_value(option.arg);
    if (std::string_view(option.defname) != "password" || is_placeholder(value)) continue;
    add("a password", static_cast<std::size_t>(std::max(option.location, 0)), value);
  }
}

void Look::at_statement() {
  const Node& node = *at_.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      at_options(list(node.create_role_stmt->n_options, node.create_role_stmt->options));
      break;
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
      at_options(list(node.alter_role_stmt->n_options, node.alter_role_stmt->options));
      break;
    case PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT:
      at_options(list(node.create_user_mapping_stmt->n_options, node.create_user_mapping_stmt->options));
      break;
    case PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT:
      at_options(list(node.alter_user_mapping_stmt->n_options, node.alter_user_mapping_stmt->options));
      break;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      at_insert(*node.insert_stmt);
      break;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      at_targets(list(node.update_stmt->n_target_list, node.update_stmt->target_list));
      break;
    default:
      break;
  }
  if (!at_.in_body) at_literals(holds_data(node));  // the block's own text has them
  if (has_mail_address(at_.statement.copy_data)) found_.add(at_, "somebody's e-mail address is in the rows of COPY");
}

// A text of four characters or more, also as the argument of a function.
const Token* secret_constant(const SqliteValue& value) {
  const bool is_call = value.tokens.size() > 2 && value.tokens[1].is('(');
  const Token* token = value.tokens.empty() ? nullptr : &value.tokens[is_call ? 2 : 0];
  if (!token || token->kind != Token::Kind::string) return nullptr;
  const std::string text = literal_value(*token);
  return text.size() >= 4 && !is_placeholder(text) ? token : nullptr;
}

void Look::at_sqlite() {
  Lexer words(at_.statement.text, Dialect::sqlite);
  if (const std::optional<SqliteInsert> insert = sqlite_insert(at_.statement.text)) {
    for (const std::vector<SqliteValue>& row : insert->rows) {
      for (std::size_t i = 0; i < std::min(row.size(), insert->columns.size()); ++i) {
        const Token* value = is_secret_name(insert->columns[i]) ? secret_constant(row[i]) : nullptr;
        if (value) add(fmt::format("a value of {}", insert->columns[i]), value->offset, literal_value(*value));
      }
    }
  }
  const Token verb = words.next();
  at_literals(verb.is("insert") || verb.is("replace") || verb.is("update") || verb.is("delete") || verb.is("with"));
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) return Look(at, found).at_sqlite();
  if (at.node) Look(at, found).at_statement();
}

const Registered<Hazard> kHazard{{
    .id = "secret-in-migration",
    .severity = Hazard::Severity::error,
    .summary = "a password, key, token or personal data in a literal",
    .why = "Migrations are in version control for ever, in every clone, in build logs and in backups of the ledger. A "
           "secret "
           "in them is known, and is the same in every environment; personal data cannot be erased from them.",
    .safe_form =
        "Use a placeholder that the environment fills, set passwords by hand or by the tool that manages them, and "
        "change the secret if the file was pushed already.",
    .on = {},
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
