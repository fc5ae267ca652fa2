// A catalog while it is read: each pass adds what it knows.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/catalog.h"
#include "schema/read/copied_row.h"

namespace martlet {

struct Reading {
  Connection& connection;
  Catalog& catalog;
  int version = 0;        // of the server, 150020
  ObjectId first_id = 0;  // objects that have a source (schema/builtin.h) are read from this id on

  /// Relations that other sessions lock, or wait to lock, ACCESS EXCLUSIVE: what deparses their expressions would wait.
  std::vector<ObjectId> locked;
  enum class Expressions { of_unlocked, none } expressions = Expressions::of_unlocked;

  std::vector<Relation> relations;
  std::unordered_map<ObjectId, std::size_t> places;  // in `relations`, by id

  std::unordered_map<ObjectId, std::string> schemas, roles, tablespaces, methods, languages;
  std::unordered_map<ObjectId, std::string> collations;       // schema-qualified where not in pg_catalog
  std::unordered_map<ObjectId, ObjectId> type_collations;     // typcollation, where it is not the usual one
  std::unordered_map<ObjectId, ObjectId> relation_of;         // a rule's, policy's, default's, constraint's relation
  std::unordered_map<ObjectId, std::size_t> rules, policies;  // their places in their relation's list
  std::unordered_map<ObjectId, int> default_columns;          // whose default it is

  /// nullptr for what is not in the model: TOAST tables, others' temporary tables.
  Relation* relation(ObjectId id);
  /// SQL that is true where the expressions of this relation (an SQL expression, too) may be asked for.
  std::string readable(std::string_view relation_sql) const;
  /// The same for what may contain queries: the object `id_sql` of a catalog ("pg_policy") and what it depends on.
  std::string readable_query(std::string_view catalog_name, std::string_view id_sql) const;
  /// Does this server have what came with this version (140000)?
  bool since(int first_version) const { return version >= first_version; }
  /// `expression` on servers that have it, else `otherwise`.
  std::string_view from(int first_version, std::string_view expression, std::string_view otherwise) const {
    return since(first_version) ? expression : otherwise;
  }
  void each(std::string_view query, const std::function<void(const CopiedRow&)>& visit) {
    each_copied_row(connection, query, visit);
  }
};

/// The name of an id; "" where there is none.
const std::string& name_of(const std::unordered_map<ObjectId, std::string>& names, ObjectId id);

void read_locks(Reading& reading);

// The passes, in the order in which they must be called.
void read_names(Reading& reading);
void read_types(Reading& reading);
void read_functions(Reading& reading);
void read_operators(Reading& reading);
void read_relations(Reading& reading);
void read_columns(Reading& reading);
void read_constraints(Reading& reading);
void read_indexes(Reading& reading);
void read_inheritance(Reading& reading);
void read_sequences(Reading& reading);
void read_triggers(Reading& reading);
void read_rules(Reading& reading);
void read_policies(Reading& reading);
void read_statistics(Reading& reading);
void read_publications(Reading& reading);
void read_uses(Reading& reading);
void read_extensions(Reading& reading);
void read_widths(Reading& reading);
/// Texts of views, rules and functions, sizes of files: without them where they would have to wait for a lock.
void read_texts(Reading& reading);

}  // namespace martlet
