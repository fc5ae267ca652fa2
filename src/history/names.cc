#include "history/names.h"

#include "base/digest.h"
#include "base/error.h"
#include "history/view.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// NAMEDATALEN - 1: PostgreSQL cuts a longer name short without an error.
constexpr std::size_t kLongestName = 63;

void refuse_unusable(const std::string& key, const std::string& value, std::size_t longest) {
  if (!value.empty() && value.size() <= longest) return;
  const std::string problem = value.empty() ? "is empty" : "is longer than " + std::to_string(longest) + " bytes";
  throw Error(ErrorKind::usage, "[history] " + key + " " + problem)
      .next("set it in martlet.toml to a name that fits, or leave it out for the default");
}

std::string beside(const HistoryOptions& options, const std::string& table) {
  const bool shared = options.schema == "public" || options.table != HistoryOptions{}.table;
  return shared ? options.table + "_" + table : table;
}

// Any number does as long as every martlet on this schema and table gets the same one.
long long advisory_key(const HistoryOptions& options) {
  const std::string digest = sha256_hex("martlet:" + options.schema + "." + options.table);
  return static_cast<long long>(std::stoull(digest.substr(0, 16), nullptr, 16));
}

}  // namespace

HistoryNames HistoryNames::make(const HistoryOptions& options, Dialect dialect) {
  refuse_unusable("schema", options.schema, kLongestName);
  refuse_unusable("table", options.table, kLongestName - std::string_view("_journal").size());

  const bool postgres = dialect == Dialect::postgres;
  const std::string prefix = postgres ? "" : options.schema + "_";
  HistoryNames names;
  names.dialect = dialect;
  names.schema = postgres ? quote_identifier(options.schema) : "";
  names.raw_schema = options.schema;
  names.raw_table = prefix + options.table;
  const auto qualified = [&](const std::string& table) {
    names.raw_tables_.push_back(prefix + table);
    return (postgres ? names.schema + "." : "") + quote_identifier(prefix + table);
  };
  names.ledger = qualified(options.table);
  names.journal = qualified(beside(options, "journal"));
  names.lease = qualified(beside(options, "lease"));
  names.audit = qualified(beside(options, "audit"));
  names.format = qualified(beside(options, "format"));
  names.raw_format = names.raw_tables_.back();
  names.control = qualified(beside(options, "control"));
  names.raw_control = names.raw_tables_.back();
  names.plan = qualified(beside(options, "plan"));
  names.now = postgres ? "clock_timestamp()" : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
  names.lock_key = advisory_key(options);
  names.raw_view_ = options.view;
  return names;
}

HistoryNames::operator DumpExclusions() const {
  DumpExclusions exclude;
  const bool postgres = dialect == Dialect::postgres;
  // A schema of another name may hold the user's tables beside martlet's.
  const bool own_schema = postgres && raw_schema == HistoryOptions{}.schema;
  if (own_schema) exclude.schemas.push_back(raw_schema);
  if (!own_schema) {
    for (const std::string& table : raw_tables_) exclude.tables.emplace_back(postgres ? raw_schema : "", table);
  }
  if (!raw_view_.empty()) {
    const ViewName view = ViewName::parse(raw_view_);
    exclude.tables.emplace_back(postgres ? view.schema : "", view.name);
  }
  return exclude;
}

std::string HistoryNames::iso(const std::string& expression) const {
  if (dialect == Dialect::sqlite) return expression;
  return "to_char(" + expression + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

}  // namespace martlet
