#include "step/catalog.h"

#include <algorithm>

#include "base/text.h"

namespace martlet {
namespace {

std::vector<IndexFacts> find_indexes(Connection& connection, const std::string& where, std::vector<Value> parameters) {
  const Result found = connection.execute(
      "SELECT i.indexrelid, format('%I.%I', n.nspname, c.relname), i.indisvalid AND i.indisready AND i.indislive, "
      "(SELECT p.pid FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid LIMIT 1) "
      "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'i' AND " +
          where + " ORDER BY i.indexrelid",
      std::move(parameters));
  std::vector<IndexFacts> indexes;
  for (const Row& row : found.rows) {
    indexes.push_back({row[0].value_or(""), row[1].value_or(""), row[2] == "t", row[3].value_or("")});
  }
  return indexes;
}

}  // namespace

std::string relation_oid(Connection& connection, const std::string& as_written) {
  if (as_written.empty()) return "";
  const Result found = connection.execute("SELECT pg_catalog.to_regclass($1)::oid", {as_written});
  return found.rows.at(0).at(0).value_or("");
}

std::vector<IndexFacts> indexes_of(Connection& connection, const std::string& table_oid) {
  if (table_oid.empty()) return {};
  return find_indexes(connection, "i.indrelid = $1::oid", {table_oid});
}

// CREATE INDEX puts an index into its table's schema, whatever the search_path says.
std::optional<IndexFacts> index_named(Connection& connection, const std::string& table_oid,
                                      const std::string& as_written) {
  if (table_oid.empty() || as_written.empty()) return std::nullopt;
  const auto found = find_indexes(connection,
                                  "c.relname = (SELECT parts[array_upper(parts, 1)]::name FROM parse_ident($2) parts) "
                                  "AND n.oid = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = $1::oid)",
                                  {table_oid, as_written});
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<IndexFacts> reindex_leftovers(Connection& connection) {
  return find_indexes(connection,
                      "NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND NOT EXISTS (SELECT 1 FROM "
                      "pg_catalog.pg_stat_progress_create_index p WHERE p.relid = i.indrelid)",
                      {});
}

void drop_index(Connection& connection, const IndexFacts& index) {
  connection.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index.name);
}

std::string oid_list(const std::vector<IndexFacts>& indexes) {
  std::vector<std::string> oids;
  for (const IndexFacts& index : indexes) oids.push_back(index.oid);
  return join(oids, ",");
}

bool has_oid(const std::string& list, const std::string& oid) {
  const auto oids = split_list(list);
  return std::find(oids.begin(), oids.end(), oid) != oids.end();
}

void refuse_while_built(const IndexFacts& index) {
  if (index.built_by.empty()) return;
  throw Error(ErrorKind::lock,
              "the index " + index.name + " is being built at this moment by server process " + index.built_by)
      .leaves("nothing was changed by this run")
      .next("let it finish, or end it with `SELECT pg_terminate_backend(" + index.built_by + ")`, then run again");
}

}  // namespace martlet
