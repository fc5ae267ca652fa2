#include "effects/measure.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "schema/letters.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::string_view kRelations =
    "SELECT c.oid, CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END, c.relname, c.relkind,"
    "       c.relfilenode, 0, ''"
    "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    "   AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'";

// Whatever a statement does to a relation, it holds a lock on it until the transaction ends. A relation that was
// dropped is still locked and no longer in pg_class.
constexpr std::string_view kTouched =
    "SELECT l.relation, n.nspname, c.relname, c.relkind, c.relfilenode,"
    "       pg_stat_get_xact_numscans(l.relation), string_agg(l.mode, ',')"
    "  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation"
    "  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted"
    "   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
    " GROUP BY 1, 2, 3, 4, 5";

// What the session has counted and not yet handed over to the shared statistics.
constexpr std::string_view kScans =
    "SELECT relid, seq_scan FROM pg_catalog.pg_stat_xact_user_tables WHERE seq_scan > 0";

template <class Number>
Number number(const Value& value) {
  Number result = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), result);
  return result;
}

bool is_index(RelationKind kind) {
  return kind == RelationKind::index || kind == RelationKind::partitioned_index;
}

/// "AccessShareLock,ShareLock" → modes, weakest first. What is no table-level lock is passed over.
std::vector<LockMode> lock_modes(const Value& names) {
  std::vector<LockMode> modes;
  for (const std::string& each : split_list(names.value_or(""))) {
    for (int mode = 0; mode <= static_cast<int>(LockMode::access_exclusive); ++mode) {
      const std::string_view name = lock_name(static_cast<LockMode>(mode));
      if (each.starts_with(name) && each.substr(name.size()) == "Lock") modes.push_back(static_cast<LockMode>(mode));
    }
  }
  std::ranges::sort(modes);
  return modes;
}

/// COPY … TO STDOUT
bool is_copy_out(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  if (!words.accept("copy")) return false;
  for (Token word = words.next(); word.kind != Token::Kind::end; word = words.next()) {
    if (word.is('(')) words.skip_parentheses();
    if (word.is("to")) return words.peek().is("stdout");
  }
  return false;
}

void run(Connection& connection, const Statement& statement) {
  if (statement.is_copy_in) {
    connection.copy_in(statement.text, statement.copy_data);
  } else if (is_copy_out(statement)) {
    connection.copy_out(statement.text, [](std::string_view) {});
  } else {
    connection.execute(statement.text);
  }
}

bool is_the_statements(const Error& error) {
  return error.sqlstate.size() == 5 && error.kind != ErrorKind::connection && error.kind != ErrorKind::cancelled;
}

Effects failed(const Error& error) {
  Effects effects;
  effects.transactional = error.sqlstate != "25001";
  effects.error = {error.sqlstate, error.message};
  return effects;
}

Effects run_alone(Connection& connection, std::span<const Statement> statements) {
  Effects effects;
  effects.transactional = false;
  try {
    for (const Statement& statement : statements) run(connection, statement);
  } catch (const Error& error) {
    if (!is_the_statements(error)) throw;
    effects.error = {error.sqlstate, error.message};
  }
  return effects;
}

}  // namespace

Measurement::Measurement(Connection& connection)
    : connection_(connection), before_(look(kRelations)), figures_(connection) {}

Measurement::Relations Measurement::look(std::string_view query) const {
  Relations relations;
  for (Row& row : connection_.execute(query).rows) {
    relations[number<ObjectId>(row[0])] = {.schema = row[1].value_or(""),
                                           .name = row[2].value_or(""),
                                           .kind = relation_kind(row[3].value_or("r").front()),
                                           .storage = row[4].value_or(""),
                                           .scans = number<std::int64_t>(row[5]),
                                           .locks = lock_modes(row[6])};
  }
  return relations;
}

std::map<ObjectId, std::int64_t> Measurement::scans() const {
  std::map<ObjectId, std::int64_t> counted;
  for (const Row& row : connection_.execute(kScans).rows) {
    counted[number<ObjectId>(row[0])] = number<std::int64_t>(row[1]);
  }
  return counted;
}

/// What has taken the relation's place: itself, or the index of the same name where it was dropped, as a type change
/// drops indexes and makes them again. nullptr = nothing, or nobody touched it.
const Measurement::Seen* Measurement::find_now(const Relations& touched, ObjectId id, const Seen& was) {
  const auto itself = touched.find(id);
  if (itself == touched.end()) return nullptr;
  if (!itself->second.name.empty()) return &itself->second;
  const auto namesake = std::ranges::find_if(touched, [&](const auto& each) {
    return is_index(was.kind) && is_index(each.second.kind) && each.second.name == was.name &&
           each.second.schema == was.schema;
  });
  return namesake == touched.end() ? nullptr : &namesake->second;
}

/// What became of the relation's storage, and whether it was read.
RelationEffect Measurement::compare(const Seen& was, const Seen* now, std::int64_t scans_before) {
  RelationEffect effect{.schema = was.schema, .name = was.name, .kind = was.kind};
  if (!now) return effect;
  const bool other_storage = now->storage != was.storage;
  effect.rebuilt = other_storage && is_index(was.kind);
  effect.rewrite = other_storage && !is_index(was.kind);
  effect.scan = effect.rewrite || (!is_index(was.kind) && now->scans > scans_before);
  return effect;
}

std::vector<RelationEffect> Measurement::differences(const std::map<ObjectId, std::int64_t>& scans_before) const {
  const Relations touched = look(kTouched);
  std::vector<RelationEffect> found;
  for (const auto& [id, now] : touched) {
    const auto was = before_.find(id);
    if (was == before_.end()) continue;
    const auto scans = scans_before.find(id);
    found.push_back(
        compare(was->second, find_now(touched, id, was->second), scans == scans_before.end() ? 0 : scans->second));
    found.back().id = id;
    found.back().locks = now.locks;
  }
  return found;
}

Effects Measurement::measure(std::span<const Statement> statements, const MeasureOptions& options) {
  const bool keep = options.afterwards == Afterwards::keep;
  Effects effects;
  // Planning locks indexes that a plan from before does not: a session that has run nothing yet is what is measured.
  if (!keep) connection_.execute("DEALLOCATE ALL");
  connection_.execute("DISCARD PLANS");
  try {
    Transaction transaction(connection_);
    const auto scans_before = scans();
    for (const Statement& statement : statements) run(connection_, statement);
    effects.relations = differences(scans_before);
    if (options.look) options.look();
    if (keep) transaction.commit();
  } catch (const Error& error) {
    if (!is_the_statements(error)) throw;
    effects = failed(error);
  }
  if (keep && !effects.transactional) effects = run_alone(connection_, statements);
  if (keep) {
    before_ = look(kRelations);
  } else {
    figures_.put_back(connection_);
  }
  return effects;
}

}  // namespace martlet
