#include "effects/measure.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>

namespace martlet {
namespace {

struct Seen {
  std::string schema, name;
  RelationKind kind = RelationKind::table;
  std::string storage;  // relfilenode; "0" = it has none of its own
  std::int64_t scans = 0;
};
using Relations = std::map<ObjectId, Seen>;

constexpr std::string_view kRelations =
    "SELECT c.oid, CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END, c.relname, c.relkind,"
    "       c.relfilenode, pg_stat_get_xact_numscans(c.oid)"
    "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    "   AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'";

constexpr std::string_view kLocks =
    "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l"
    " WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted"
    "   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";

template <class Number>
Number number(const Value& value) {
  Number result = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), result);
  return result;
}

RelationKind relation_kind(char relkind) {
  switch (relkind) {
    case 'p':
      return RelationKind::partitioned_table;
    case 'i':
      return RelationKind::index;
    case 'I':
      return RelationKind::partitioned_index;
    case 'S':
      return RelationKind::sequence;
    case 'v':
      return RelationKind::view;
    case 'm':
      return RelationKind::materialized_view;
    case 'f':
      return RelationKind::foreign_table;
    case 'c':
      return RelationKind::composite_type;
    default:
      return RelationKind::table;
  }
}

bool is_index(RelationKind kind) {
  return kind == RelationKind::index || kind == RelationKind::partitioned_index;
}

Relations look_at_relations(Connection& connection) {
  Relations relations;
  for (Row& row : connection.execute(kRelations).rows) {
    relations[number<ObjectId>(row[0])] = {.schema = *row[1],
                                           .name = *row[2],
                                           .kind = relation_kind(row[3]->front()),
                                           .storage = *row[4],
                                           .scans = number<std::int64_t>(row[5])};
  }
  return relations;
}

std::optional<LockMode> lock_mode(std::string_view mode) {
  for (int each = 0; each <= static_cast<int>(LockMode::access_exclusive); ++each) {
    const std::string_view name = lock_name(static_cast<LockMode>(each));
    if (mode.starts_with(name) && mode.substr(name.size()) == "Lock") return static_cast<LockMode>(each);
  }
  return std::nullopt;
}

std::unordered_map<ObjectId, std::vector<LockMode>> look_at_locks(Connection& connection) {
  std::unordered_map<ObjectId, std::vector<LockMode>> locks;
  for (const Row& row : connection.execute(kLocks).rows) {
    if (const auto mode = lock_mode(*row[1])) locks[number<ObjectId>(row[0])].push_back(*mode);
  }
  for (auto& [relation, modes] : locks) std::ranges::sort(modes);
  return locks;
}

/// The index that bears the name of one that was there before: a type change drops indexes and makes them again.
const Seen* namesake(const Relations& relations, const Seen& index) {
  const auto at = std::ranges::find_if(relations, [&](const auto& each) {
    return is_index(each.second.kind) && each.second.name == index.name && each.second.schema == index.schema;
  });
  return at == relations.end() ? nullptr : &at->second;
}

/// What happened to one relation between two looks.
RelationEffect compare(ObjectId id, const Seen& was, const Relations& after) {
  RelationEffect effect{.id = id, .schema = was.schema, .name = was.name, .kind = was.kind};
  const auto at = after.find(id);
  const Seen* now = at != after.end() ? &at->second : is_index(was.kind) ? namesake(after, was) : nullptr;
  if (!now) return effect;
  const bool other_storage = now->storage != was.storage;
  effect.rebuilt = other_storage && is_index(was.kind);
  effect.rewrite = other_storage && !is_index(was.kind);
  effect.scan = effect.rewrite || (!is_index(was.kind) && now->scans > was.scans);
  return effect;
}

std::vector<RelationEffect> differences(const Relations& before, Connection& connection) {
  auto locks = look_at_locks(connection);
  const Relations after = look_at_relations(connection);
  std::vector<RelationEffect> found;
  for (const auto& [id, was] : before) {
    RelationEffect effect = compare(id, was, after);
    if (const auto at = locks.find(id); at != locks.end()) effect.locks = std::move(at->second);
    if (!effect.locks.empty() || effect.scan || effect.rebuilt) found.push_back(std::move(effect));
  }
  return found;
}

void run(Connection& connection, const Statement& statement) {
  if (statement.is_copy_in) {
    connection.copy_in(statement.text, statement.copy_data);
  } else {
    connection.execute(statement.text);
  }
}

/// The effects of a failure.
Effects failed(const Error& error) {
  Effects effects;
  effects.transactional = error.sqlstate != "25001";
  effects.error = {error.sqlstate, error.message};
  return effects;
}

bool is_the_statements(const Error& error) {
  return error.sqlstate.size() == 5 && error.kind != ErrorKind::connection && error.kind != ErrorKind::cancelled;
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

Effects measure(Connection& connection, std::span<const Statement> statements, const MeasureOptions& options) {
  Effects effects;
  try {
    Transaction transaction(connection);
    const Relations before = look_at_relations(connection);
    for (const Statement& statement : statements) run(connection, statement);
    effects.relations = differences(before, connection);
    if (options.look) options.look();
    if (options.afterwards == Afterwards::keep) transaction.commit();
  } catch (const Error& error) {
    if (!is_the_statements(error)) throw;
    effects = failed(error);
  }
  const bool alone = !effects.transactional && options.afterwards == Afterwards::keep;
  return alone ? run_alone(connection, statements) : effects;
}

}  // namespace martlet
