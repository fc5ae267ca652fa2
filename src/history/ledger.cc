#include "history/ledger.h"

#include <algorithm>

#include "history/format.h"
#include "history/stored_text.h"
#include "history/time.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kUndefinedTable = "42P01", kUndefinedSchema = "3F000", kUndefinedColumn = "42703";

// The three facts stand in every row: one statement, so one round trip, and SQLite shares it.
std::string select(const HistoryNames& names, Ledger::Detail detail) {
  // Writing a time takes a server longer than all else about a row.
  const std::string applied_at =
      names.dialect == Dialect::postgres ? "extract(epoch FROM l.applied_at)" : "l.applied_at";
  return "SELECT facts.number, facts.tool_version, facts.unfinished, l.id, l.version, l.name, l.kind, l.layout, "
         "l.checksum, l.state, l.installed_order, " +
         applied_at + ", l.actor, l.duration_ms, l.run_id" +
         (detail == Ledger::Detail::everything ? ", l.applied_by, l.host, l.ci, l.ticket, l.tool_version, l.backup_id"
                                               : "") +
         " FROM (SELECT f.number, f.tool_version, (SELECT count(*) FROM " + names.journal + ") AS unfinished FROM " +
         names.format + " f ORDER BY f.number DESC LIMIT 1) facts LEFT JOIN " + names.ledger + " l ON l.id IS NOT NULL";
}

// Leaves `values` empty: ten thousand rows need not be in memory twice.
LedgerRow row_from(Row values, const HistoryNames& names) {
  LedgerRow row;
  std::size_t at = 3;
  for (std::string* field : {&row.id, &row.version, &row.name, &row.kind, &row.layout, &row.checksum}) {
    if (Value& value = values[at++]) *field = std::move(*value);
  }
  row.state = state_from(text_of(values[at++]));
  row.installed_order = number_of(values[at++]);
  row.applied_at = text_of(values[at++]);
  if (names.dialect == Dialect::postgres) row.applied_at = iso_from_epoch(row.applied_at);
  row.actor = text_of(values[at++]);
  row.duration_ms = number_of(values[at++]);
  row.run_id = text_of(values[at++]);
  for (std::string* field : {&row.applied_by, &row.host, &row.ci, &row.ticket, &row.tool_version, &row.backup_id}) {
    if (at == values.size()) break;
    if (Value& value = values[at++]) *field = std::move(*value);
  }
  return row;
}

bool sqlite_tables_missing(Connection& connection, const HistoryNames& names) {
  return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = $1", {names.raw_format}).rows.empty();
}

// A column that this martlet expects is missing: the tables have another format; say which.
void explain_format(Connection& connection, const HistoryNames& names) {
  const Result found =
      connection.execute("SELECT number, tool_version FROM " + names.format + " ORDER BY number DESC LIMIT 1");
  if (!found.rows.empty()) {
    refuse_newer_format(static_cast<int>(number_of(found.rows[0][0])), text_of(found.rows[0][1]));
  }
}

// No rows where there are no tables.
void for_each_row(Connection& connection, const HistoryNames& names, Ledger::Detail detail, const RowSink& sink) {
  if (names.dialect == Dialect::sqlite && sqlite_tables_missing(connection, names)) return;
  try {
    connection.each_row({select(names, detail), {}}, sink);
  } catch (const Error& error) {
    if (error.sqlstate == kUndefinedTable || error.sqlstate == kUndefinedSchema) return;
    if (error.sqlstate == kUndefinedColumn || error.sqlstate == "SQLITE_ERROR") explain_format(connection, names);
    throw;
  }
}

}  // namespace

Ledger Ledger::read(Connection& connection, const HistoryNames& names, Detail detail) {
  Ledger ledger;
  for_each_row(connection, names, detail, [&](Row&& values) {
    if (!ledger.exists_) refuse_newer_format(static_cast<int>(number_of(values[0])), text_of(values[1]));
    ledger.exists_ = true;
    ledger.unfinished_ = number_of(values[2]);
    if (values[3]) ledger.rows_.push_back(row_from(std::move(values), names));
  });
  std::sort(ledger.rows_.begin(), ledger.rows_.end(),
            [](const LedgerRow& a, const LedgerRow& b) { return a.installed_order < b.installed_order; });
  ledger.index();
  return ledger;
}

void Ledger::index() {
  by_id_.reserve(rows_.size());
  for (std::size_t at = 0; at < rows_.size(); ++at) by_id_.emplace(rows_[at].id, at);
}

Ledger Ledger::of(std::vector<LedgerRow> rows) {
  Ledger ledger;
  ledger.exists_ = true;
  ledger.rows_ = std::move(rows);
  ledger.index();
  return ledger;
}

const LedgerRow* Ledger::find(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : &rows_[found->second];
}

long long Ledger::next_order() const {
  return rows_.empty() ? 1 : rows_.back().installed_order + 1;
}

Ledger::Texts Ledger::texts(Connection& connection, const HistoryNames& names, const std::string& id) {
  const Result found = connection.execute("SELECT up_sql, down_sql FROM " + names.ledger + " WHERE id = $1", {id});
  if (found.rows.empty()) throw Error(ErrorKind::validation, "the ledger has no row for " + id);
  Texts texts{text_of(found.rows[0][0]), found.rows[0][1], ""};
  if (texts.down_sql) texts.down_incomplete = why_incomplete(*texts.down_sql);
  return texts;
}

}  // namespace martlet
