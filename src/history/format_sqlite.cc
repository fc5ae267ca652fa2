#include "history/format.h"

namespace martlet {
namespace {

std::vector<std::string> first(const HistoryNames& names) {
  return {
      "CREATE TABLE " + names.format + R"( (
  number INTEGER PRIMARY KEY,
  tool_version TEXT NOT NULL,
  upgraded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))))",

      "CREATE TABLE " + names.ledger + R"( (
  id TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  layout TEXT NOT NULL,
  checksum TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('applied', 'failed', 'reverted', 'running', 'stamped', 'baseline', 'retired')),
  installed_order INTEGER NOT NULL,
  applied_at TEXT NOT NULL,
  applied_by TEXT NOT NULL,
  actor TEXT NOT NULL,
  host TEXT NOT NULL,
  ci TEXT NOT NULL,
  ticket TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  backup_id TEXT NOT NULL,
  state_changed_at TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  up_sql TEXT NOT NULL,
  down_sql TEXT))",

      "CREATE TABLE " + names.journal + R"( (
  migration TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('up', 'down')),
  step INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed')),
  digest TEXT NOT NULL,
  cursor TEXT NOT NULL,
  run_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (migration, direction, step)))",

      "CREATE TABLE " + names.lease + R"( (
  one_row INTEGER PRIMARY KEY DEFAULT 1 CHECK (one_row = 1),
  epoch INTEGER NOT NULL DEFAULT 0,
  mode TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'session', 'row')),
  run_id TEXT NOT NULL DEFAULT '',
  actor TEXT NOT NULL DEFAULT '',
  host TEXT NOT NULL DEFAULT '',
  application TEXT NOT NULL DEFAULT '',
  pid INTEGER NOT NULL DEFAULT 0,
  process_mark TEXT NOT NULL DEFAULT '',
  backend_pid INTEGER NOT NULL DEFAULT 0,
  since TEXT,
  heartbeat TEXT))",

      "INSERT INTO " + names.lease + " DEFAULT VALUES",

      "CREATE TABLE " + names.audit + R"( (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  migration TEXT NOT NULL,
  version_before TEXT NOT NULL,
  version_after TEXT NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  host TEXT NOT NULL,
  ci TEXT NOT NULL,
  ticket TEXT NOT NULL,
  run_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL))",
  };
}

// A run and who steers it from another session meet in one row.
std::vector<std::string> second(const HistoryNames& names) {
  return {
      "CREATE TABLE " + names.control + R"( (
  one_row INTEGER PRIMARY KEY DEFAULT 1 CHECK (one_row = 1),
  run_id TEXT NOT NULL DEFAULT '',
  wish TEXT NOT NULL DEFAULT '' CHECK (wish IN ('', 'pause', 'abort', 'abort now')),
  wished_by TEXT NOT NULL DEFAULT '',
  limits TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT ''
    CHECK (state IN ('', 'running', 'waiting', 'throttled', 'paused', 'ended')),
  migration TEXT NOT NULL DEFAULT '',
  step INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0,
  doing TEXT NOT NULL DEFAULT '',
  units_done INTEGER NOT NULL DEFAULT 0,
  units_total INTEGER NOT NULL DEFAULT 0,
  unit TEXT NOT NULL DEFAULT '',
  units_per_second REAL NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  reported_at TEXT))",

      "INSERT INTO " + names.control + " DEFAULT VALUES",

      "CREATE TABLE " + names.plan + R"( (
  migration TEXT NOT NULL,
  direction TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'expanded', 'contracted')),
  plan TEXT NOT NULL,
  run_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (migration, direction)))",
  };
}

}  // namespace

std::vector<std::string> sqlite_upgrade(const HistoryNames& names, int to) {
  switch (to) {
    case 1:
      return first(names);
    case 2:
      return second(names);
  }
  return {};
}

}  // namespace martlet
