// The catalog of a PostgreSQL database as a model: read from a server, or built up by executing statements on it
// (effects/execute.h).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/objects.h"
#include "schema/store.h"

namespace martlet {

class Connection;

/// A point in a catalog's history, for looking back and for taking changes back.
struct CatalogMark {
  std::size_t relations = 0, types = 0, functions = 0, schemas = 0, operators = 0, operator_classes = 0, others = 0,
              extensions = 0, casts = 0;
};

/// What the server has that is no object of a database; nothing where nobody asked one.
struct ServerFacts {
  std::set<std::string, std::less<>> settings;              // names of pg_settings, lower case
  std::set<std::string, std::less<>> available_extensions;  // that CREATE EXTENSION finds
  bool preloads_libraries = true;                           // which may bring anything: security label providers, hooks
  bool compares_bytes = false;                              // the database's own collation orders texts as C does
};

class Catalog {
 public:
  Store<Relation> relations;
  Store<Type> types;
  Store<Function> functions;
  Store<Operator> operators;
  Store<OperatorClass> operator_classes;
  Store<Schema> schemas;
  Store<OtherObject> others;  // empty where nobody asked a database
  Store<Extension> extensions;

  /// False: nobody asked a database, so a relation that is not here may well exist there.
  bool complete = false;
  int server_version = 150000;
  ServerFacts server;

  ObjectId next_id() { return next_id_++; }

  const Cast* cast(ObjectId source, ObjectId target) const;
  void add_cast(Cast cast);
  void remove_cast(ObjectId source, ObjectId target);
  template <class Visit>
  void each_cast(const Visit& visit) const {
    for (const auto& [key, cast] : casts_) visit(cast);
  }

  // Changes that concern two relations keep both ends in step.
  /// Adds a relation with the lists its parents, its table and what it reads hold of it.
  void add_relation(Relation relation);
  /// The same for many at once, which may name each other.
  void add_relations(std::vector<Relation> added);
  /// Takes it out, with its indexes, owned sequences and row type; what depends on it is the caller's business.
  void drop_relation(ObjectId id);
  void add_constraint(ObjectId table, Constraint constraint);
  void drop_constraint(ObjectId table, ObjectId constraint);
  /// Changes what a relation reads: its query, rules and policies.
  template <class Change>
  void change_reader(ObjectId reader, const Change& change) {
    tell_what_it_reads(reader, false);
    change(relations.edit(reader));
    tell_what_it_reads(reader, true);
  }
  /// A sequence goes with this column from now on; relation 0 = with none.
  void own_sequence(ObjectId sequence, ColumnUse owner);
  void attach(ObjectId parent, ObjectId child, std::string bound, bool is_default);
  void detach(ObjectId parent, ObjectId child);

  /// From here on changes can be looked back at and taken back.
  void record();
  CatalogMark mark() const;
  void roll_back(const CatalogMark& mark);
  void forget_changes();

 private:
  void remember_cast(std::uint64_t key);
  void tell_what_it_reads(ObjectId reader, bool reads);

  std::unordered_map<std::uint64_t, Cast> casts_;
  std::vector<std::pair<std::uint64_t, std::optional<Cast>>> cast_changes_;  // what was there before
  bool recording_ = false;
  ObjectId next_id_ = kFirstSimulated;
};

/// How a catalog was at a mark; valid until the catalog forgets its changes or is rolled back further.
class CatalogBefore {
 public:
  CatalogBefore(const Catalog& catalog, const CatalogMark& mark) : catalog_(&catalog), mark_(mark) {}
  const Relation* relation(ObjectId id) const { return catalog_->relations.get_before(id, mark_.relations); }
  const Relation* relation(std::string_view schema, std::string_view name) const {
    return catalog_->relations.find_before(schema, name, mark_.relations);
  }
  const Type* type(ObjectId id) const { return catalog_->types.get_before(id, mark_.types); }
  const Function* function(ObjectId id) const { return catalog_->functions.get_before(id, mark_.functions); }
  /// Calls `visit(id, before)` once for each relation that has changed since; nullptr = it was not there.
  template <class Visit>
  void each_changed_relation(const Visit& visit) const {
    catalog_->relations.each_changed(mark_.relations, visit);
  }
  /// Calls `visit` with each relation of users as it was, in no particular order.
  template <class Visit>
  void each_relation(const Visit& visit) const {
    catalog_->relations.each_changed(mark_.relations, [&](ObjectId, const Relation* before) {
      if (before) visit(*before);
    });
    catalog_->relations.each_of_users([&](const Relation& now) {
      if (relation(now.id) == &now) visit(now);
    });
  }

 private:
  const Catalog* catalog_;
  CatalogMark mark_;
};

/// Only what PostgreSQL 15 is born with: the types, casts, functions, operators and relations of pg_catalog and
/// information_schema (from the files in schema/builtin/), and the schema public.
Catalog empty_catalog();

/// Everything effects needs to know, in one REPEATABLE READ snapshot and a constant number of queries; within the
/// transaction that is open, if one is, which stays as it was. PostgreSQL only. Temporary relations of this session are
/// in the schema "pg_temp", those of others are left out. What deparses an
/// expression locks its relation ACCESS SHARE; relations that somebody locks ACCESS EXCLUSIVE are read without their
/// expressions (Relation::partly_read), for half a second at most is waited. Throws the connection's errors.
Catalog read_catalog(Connection& connection);

}  // namespace martlet
