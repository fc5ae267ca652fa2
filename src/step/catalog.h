// Questions to PostgreSQL's catalog that several step kinds ask.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"

namespace martlet {

struct IndexFacts {
  std::string oid;
  std::string name;      // quoted and schema-qualified
  bool valid = true;     // indisvalid and indisready and indislive
  std::string built_by;  // server process that is building it now, "" = none
};

/// Oid of a relation as written in SQL, found by this session's search_path; "" where there is none.
std::string relation_oid(Connection& connection, const std::string& as_written);

/// The plain (not partitioned) indexes of the table with this oid, by oid.
std::vector<IndexFacts> indexes_of(Connection& connection, const std::string& table_oid);
/// The index of that name (as written, with or without its schema) in the table's schema.
std::optional<IndexFacts> index_named(Connection& connection, const std::string& table_oid,
                                      const std::string& as_written);
/// What REINDEX CONCURRENTLY leaves when it is interrupted: invalid indexes called …_ccnew or …_ccold, apart from those
/// that a running one is working on.
std::vector<IndexFacts> reindex_leftovers(Connection& connection);

/// DROP INDEX CONCURRENTLY, if it is still there.
void drop_index(Connection& connection, const IndexFacts& index);

/// Oids joined by commas, and whether one is among them.
std::string oid_list(const std::vector<IndexFacts>& indexes);
bool has_oid(const std::string& list, const std::string& oid);

/// Throws Error{lock} naming the server process where one is building the index at this moment.
void refuse_while_built(const IndexFacts& index);

}  // namespace martlet
