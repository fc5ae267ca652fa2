#include "history/format.h"

namespace martlet {
namespace {

std::vector<std::string> first(const HistoryNames& names) {
  return {
      "CREATE TABLE " + names.format + R"( (
  number integer PRIMARY KEY,
  tool_version text NOT NULL,
  upgraded_at timestamptz NOT NULL DEFAULT clock_timestamp()))",

      "CREATE TABLE " + names.ledger + R"( (
  id text PRIMARY KEY,
  version text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  layout text NOT NULL,
  checksum text NOT NULL,
  state text NOT NULL
    CHECK (state IN ('applied', 'failed', 'reverted', 'running', 'stamped', 'baseline', 'retired')),
  installed_order bigint NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by text NOT NULL,
  actor text NOT NULL,
  host text NOT NULL,
  ci text NOT NULL,
  ticket text NOT NULL,
  duration_ms bigint NOT NULL,
  run_id text NOT NULL,
  tool_version text NOT NULL,
  backup_id text NOT NULL,
  state_changed_at timestamptz NOT NULL,
  epoch bigint NOT NULL,
  up_sql text NOT NULL,
  down_sql text))",

      "CREATE TABLE " + names.journal + R"( (
  migration text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('up', 'down')),
  step bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('started', 'done', 'failed')),
  digest text NOT NULL,
  cursor text NOT NULL,
  run_id text NOT NULL,
  epoch bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (migration, direction, step)))",

      "CREATE TABLE " + names.lease + R"( (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  epoch bigint NOT NULL DEFAULT 0,
  mode text NOT NULL DEFAULT '' CHECK (mode IN ('', 'session', 'row')),
  run_id text NOT NULL DEFAULT '',
  actor text NOT NULL DEFAULT '',
  host text NOT NULL DEFAULT '',
  application text NOT NULL DEFAULT '',
  pid bigint NOT NULL DEFAULT 0,
  process_mark text NOT NULL DEFAULT '',
  backend_pid bigint NOT NULL DEFAULT 0,
  since timestamptz,
  heartbeat timestamptz))",

      "INSERT INTO " + names.lease + " DEFAULT VALUES",

      "CREATE TABLE " + names.audit + R"( (
  number bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  event text NOT NULL,
  migration text NOT NULL,
  version_before text NOT NULL,
  version_after text NOT NULL,
  actor text NOT NULL,
  role text NOT NULL,
  host text NOT NULL,
  ci text NOT NULL,
  ticket text NOT NULL,
  run_id text NOT NULL,
  detail text NOT NULL,
  duration_ms bigint NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL))",
  };
}

// A run and who steers it from another session meet in one row.
std::vector<std::string> second(const HistoryNames& names) {
  return {
      "CREATE TABLE " + names.control + R"( (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  run_id text NOT NULL DEFAULT '',
  wish text NOT NULL DEFAULT '' CHECK (wish IN ('', 'pause', 'abort', 'abort now')),
  wished_by text NOT NULL DEFAULT '',
  limits text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT ''
    CHECK (state IN ('', 'running', 'waiting', 'throttled', 'paused', 'ended')),
  migration text NOT NULL DEFAULT '',
  step bigint NOT NULL DEFAULT 0,
  steps bigint NOT NULL DEFAULT 0,
  doing text NOT NULL DEFAULT '',
  units_done bigint NOT NULL DEFAULT 0,
  units_total bigint NOT NULL DEFAULT 0,
  unit text NOT NULL DEFAULT '',
  units_per_second double precision NOT NULL DEFAULT 0,
  reason text NOT NULL DEFAULT '',
  reported_at timestamptz))",

      "INSERT INTO " + names.control + " DEFAULT VALUES",

      // What a migration that runs step by step consists of: a resumed run must go on with the same steps.
      "CREATE TABLE " + names.plan + R"( (
  migration text NOT NULL,
  direction text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'expanded', 'contracted')),
  plan text NOT NULL,
  run_id text NOT NULL,
  epoch bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (migration, direction)))",
  };
}

}  // namespace

std::vector<std::string> postgres_upgrade(const HistoryNames& names, int to) {
  switch (to) {
    case 1:
      return first(names);
    case 2:
      return second(names);
  }
  return {};
}

}  // namespace martlet
