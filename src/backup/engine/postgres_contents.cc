#include "backup/engine/postgres_contents.h"

#include <fmt/format.h>

#include "backup/engine/custom_dump.h"
#include "backup/engine/postgres_tools.h"
#include "base/digest.h"
#include "db/connection.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::int64_t kSlice = 256 * 1024;  // of a large object, in bytes

std::string shown(const std::string& schema, const std::string& name) {
  return quote_where_needed(schema) + "." + quote_where_needed(name);
}

// The order of the rows does not matter, their text does.
ContentSum sum_of(Connection& connection, const TableContent& table, std::uint64_t seed) {
  CopyRows rows(seed);
  connection.copy_out(table.statement + " TO stdout", [&](std::string_view piece) { rows.add(piece); });
  return rows.finish();
}

void compare_table(Connection& connection, const TableContent& table, std::uint64_t seed,
                   std::vector<std::string>& differences) {
  const std::string name = shown(table.schema, table.name);
  try {
    const ContentSum found = sum_of(connection, table, seed);
    if (found.rows != table.sum.rows) {
      differences.push_back(fmt::format("{} has {} rows, and had {}", name, found.rows, table.sum.rows));
    } else if (found != table.sum) {
      differences.push_back(fmt::format("{} has as many rows as it had ({}), and not the same ones", name, found.rows));
    }
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled || dynamic_cast<const ConnectionLost*>(&error)) throw;
    differences.push_back(fmt::format("{} cannot be read: {}", name, error.message));
  }
}

void compare_sequence(Connection& connection, const SequenceContent& sequence, std::vector<std::string>& differences) {
  const std::string name = shown(sequence.schema, sequence.name);
  try {
    const Row row = connection
                        .execute(fmt::format("SELECT last_value::text, is_called::text FROM {}.{}",
                                             quote_identifier(sequence.schema), quote_identifier(sequence.name)))
                        .rows.at(0);
    const std::string called = sequence.is_called ? "true" : "false";
    if (row.at(0) == sequence.last_value && row.at(1) == called) return;
    differences.push_back(
        fmt::format("sequence {} stands at {}, and stood at {}", name, row.at(0).value_or(""), sequence.last_value));
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled || dynamic_cast<const ConnectionLost*>(&error)) throw;
    differences.push_back(fmt::format("sequence {} cannot be read: {}", name, error.message));
  }
}

ContentSum sum_of_large_objects(Connection& connection, std::uint64_t seed) {
  ContentSum sum;
  const Result all = connection.execute("SELECT oid FROM pg_catalog.pg_largeobject_metadata ORDER BY oid");
  for (const Row& row : all.rows) {
    const std::string oid = row.at(0).value();
    PieceHash hash(seed);
    add_large_object_name(hash, oid);
    for (std::int64_t at = 0;; at += kSlice) {
      const Value slice =
          connection
              .execute("SELECT pg_catalog.encode(pg_catalog.lo_get($1::oid, $2::bigint, $3::integer), 'hex')",
                       {oid, std::to_string(at), std::to_string(kSlice)})
              .rows.at(0)
              .at(0);
      const std::string bytes = from_hex(slice.value_or(""));
      hash.add(bytes);
      if (bytes.size() < static_cast<std::size_t>(kSlice)) break;
    }
    hash.finish(sum);
  }
  return sum;
}

}  // namespace

std::vector<std::string> compare_postgres(const Url& url, const BackupHeader& header, const Contents& expected) {
  const auto connection = open_connection(url);
  for (const std::string& statement : session_settings(header)) connection->execute(statement);
  std::vector<std::string> differences;
  for (const TableContent& table : expected.tables) compare_table(*connection, table, expected.seed, differences);
  for (const SequenceContent& sequence : expected.sequences) compare_sequence(*connection, sequence, differences);
  // A dump of some schemas or of no data has none of them.
  if (header.type != BackupType::schema) {
    const ContentSum found = sum_of_large_objects(*connection, expected.seed);
    if (found != expected.large_objects) {
      differences.push_back(fmt::format("the large objects are {}, not the {} there were, or differ", found.rows,
                                        expected.large_objects.rows));
    }
  }
  return differences;
}

}  // namespace martlet
