// What the catalog knows about a relation and its parts: plain facts, as pg_class, pg_attribute, pg_constraint,
// pg_index, … hold them (PostgreSQL 15 documentation, chapter 53, "System Catalogs").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace martlet {

/// The server's OID; for what a simulated statement made, from kFirstSimulated on. 0 = none.
using ObjectId = std::uint32_t;
inline constexpr ObjectId kFirstSimulated = 0xC000'0000;

enum class Volatility { immutable, stable, volatile_, unknown };

/// A type as a column uses it.
struct TypeUse {
  ObjectId type = 0;  // 0 = not known (a simulated catalog that was never told)
  int modifier = -1;  // atttypmod; -1 = none
  bool operator==(const TypeUse&) const = default;
};

struct Column {
  int number = 0;  // attnum
  std::string name;
  TypeUse type;
  std::string collation;  // schema-qualified where not in pg_catalog; "" = the type's own
  bool not_null = false;
  std::string default_sql;  // "" = none; also the expression of a generated column
  Volatility default_volatility = Volatility::immutable;
  enum class Identity { none, always, by_default } identity = Identity::none;
  bool generated = false;            // GENERATED ALWAYS AS (…) STORED
  bool inherited = false;            // attinhcount > 0
  bool local = true;                 // attislocal
  char storage = 'p';                // attstorage
  int average_width = 0;             // bytes, from pg_stats; 0 = not known
  ObjectId owned_sequence = 0;       // that its values come from: of serial and identity
  char compression = 0;              // attcompression: p pglz, l lz4; 0 = the server's default
  int statistics_target = -1;        // attstattarget; -1 = the server's default
  std::vector<std::string> options;  // attoptions, "n_distinct=5"
  bool assumed = false;              // never seen: a statement named it, of a table whose columns are not known
};

struct Constraint {
  enum class Kind { check, foreign_key, primary_key, unique, exclusion, trigger };
  ObjectId id = 0;
  std::string name;
  Kind kind = Kind::check;
  std::vector<int> columns;
  bool validated = true;
  bool deferrable = false, initially_deferred = false;
  bool no_inherit = false, inherited = false, local = true;
  std::string expression;  // CHECK: SQL without the outer parentheses
  ObjectId index = 0;      // of a key or exclusion; of a foreign key: the referenced one
  ObjectId parent = 0;     // the parent's constraint that this one is a partition's copy of
  // Foreign keys only:
  ObjectId target = 0;
  std::vector<int> target_columns;
  char on_delete = 'a', on_update = 'a', match = 's';
  std::vector<int> delete_columns;     // of ON DELETE SET NULL (…); empty = all
  std::vector<std::string> operators;  // EXCLUDE only: one a key, "&&"
};

struct IndexKey {
  int column = 0;          // 0 = an expression
  std::string expression;  // "" for a column
  std::string opclass;     // "" = the type's default
  std::string collation;   // "" = the column's own
  bool descending = false, nulls_first = false;
};

struct IndexDefinition {
  ObjectId table = 0;
  std::string method = "btree";
  bool unique = false, primary = false, exclusion = false, immediate = true, nulls_not_distinct = false;
  bool valid = true, ready = true, clustered = false, replica_identity = false;
  std::vector<IndexKey> keys;
  std::vector<int> included;
  std::string predicate;    // SQL of a partial index; "" = whole
  std::vector<int> reads;   // every column that keys, expressions and predicate read
  ObjectId parent = 0;      // the partitioned index it is attached to
  ObjectId constraint = 0;  // the constraint it implements
};

struct ColumnUse {
  ObjectId relation = 0;
  int column = 0;  // 0 = the whole relation
};

struct ViewFacts {
  std::vector<ColumnUse> uses;
  bool security_invoker = false;
  bool populated = true;  // materialized views
  std::string definition;
};

struct Trigger {
  ObjectId id = 0;
  std::string name;
  ObjectId function = 0;
  ObjectId constraint = 0;  // of a foreign key's or constraint trigger
  bool internal = false;
  char enabled = 'O';  // O origin, D disabled, R replica, A always
  bool row = true, before = false, instead_of = false;
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<int> columns;  // UPDATE OF
  std::vector<int> reads;    // columns its WHEN reads
  std::string when;          // SQL; "" = always
  std::string arguments;     // as pg_trigger.tgargs has them, each ended by \000
  ObjectId parent = 0;       // the partitioned table's trigger that this one is a partition's copy of
};

struct Policy {
  ObjectId id = 0;
  std::string name;
  char command = '*';  // r, a, w, d, * (pg_policy.polcmd)
  bool permissive = true;
  std::vector<ColumnUse> uses;
  std::vector<std::string> roles;  // "public" = everybody
  std::string using_sql, check_sql;
};

struct Rule {
  ObjectId id = 0;
  std::string name;
  char event = '1';  // 1 SELECT, 2 UPDATE, 3 INSERT, 4 DELETE
  bool instead = false;
  std::vector<ColumnUse> uses;
  char enabled = 'O';      // as Trigger's
  std::string definition;  // CREATE RULE; "" = not known
};

/// CREATE STATISTICS on columns of a relation.
struct Statistics {
  ObjectId id = 0;
  std::string schema, name;
  std::vector<int> columns;
  std::string kinds;                     // stxkind's letters: d ndistinct, f dependencies, m most common, e expressions
  std::vector<std::string> expressions;  // SQL
};

struct SequenceFacts {
  ObjectId type = 0;
  std::int64_t start = 1, increment = 1, minimum = 1, maximum = 0, cache = 1;
  bool cycles = false;
};

struct PartitionFacts {
  // As a partitioned table:
  char strategy = 0;             // r range, l list, h hash; 0 = it is none
  std::vector<int> key_columns;  // 0 = an expression
  std::vector<std::string> key_expressions;
  ObjectId default_partition = 0;
  // As a partition:
  ObjectId parent = 0;
  std::string bound;  // "FOR VALUES FROM (0) TO (1000)", "DEFAULT"
  bool is_default = false;
  bool detach_pending = false;
};

enum class RelationKind {
  table,
  partitioned_table,
  index,
  partitioned_index,
  sequence,
  view,
  materialized_view,
  foreign_table,
  composite_type,
};
enum class Persistence { permanent, unlogged, temporary };

struct Relation {
  ObjectId id = 0;
  std::string schema, name;
  RelationKind kind = RelationKind::table;
  Persistence persistence = Persistence::permanent;
  std::string owner;
  std::string tablespace;            // "" = the database's default
  std::string access_method;         // "heap", "btree", …
  std::int64_t pages = -1;           // of 8 kB, from the file's size or relpages; -1 = not known
  double tuples = -1;                // reltuples, else what the statistics count; -1 = not known
  bool analysed = true;              // false: the planner does not know how large it is
  bool assumed = false;              // never seen: a statement named it, and no database was there to ask
  bool columns_unknown = false;      // some columns may be missing here: it is assumed, or was made from one that is
  ObjectId extension = 0;            // that it belongs to
  bool partly_read = false;          // locked ACCESS EXCLUSIVE by another session: its expressions could not be read
  std::vector<std::string> options;  // reloptions, "fillfactor=70"
  ObjectId row_type = 0;

  std::vector<Column> columns;  // by number; dropped ones are not here
  std::vector<Constraint> constraints;
  std::vector<Trigger> triggers;  // not those of foreign keys and deferrable keys: the constraints tell
  std::vector<Policy> policies;
  std::vector<Rule> rules;
  std::vector<Statistics> statistics;
  std::vector<std::string> publications;  // that name it (not FOR ALL TABLES)
  std::vector<ObjectId> inherits;         // parents, partitioned ones not
  PartitionFacts partition;
  std::optional<IndexDefinition> index;
  std::optional<ViewFacts> view;
  std::optional<SequenceFacts> sequence;
  ColumnUse owned_by;           // sequences
  ObjectId of_type = 0;         // CREATE TABLE … OF type
  std::string server;           // foreign tables
  std::vector<ObjectId> calls;  // user functions in its query, defaults, checks, index expressions, policies, rules
  bool row_security = false, force_row_security = false;
  char replica_identity = 'd';

  // The other ends of what other relations hold; Catalog keeps them in step.
  std::vector<ObjectId> indexes;     // on this table
  std::vector<ObjectId> sequences;   // that its columns own
  std::vector<ObjectId> children;    // partitions and inheriting tables
  std::vector<ObjectId> referrers;   // tables whose foreign keys point here
  std::vector<ObjectId> dependents;  // views, and relations with rules or policies that read it

  const Column* column(int number) const;
  const Column* column(std::string_view column_name) const;
  Column* column(int number);
  const Constraint* constraint(std::string_view constraint_name) const;
  bool is_partitioned() const {
    return kind == RelationKind::partitioned_table || kind == RelationKind::partitioned_index;
  }
  bool is_index() const { return kind == RelationKind::index || kind == RelationKind::partitioned_index; }
  /// Has rows of its own on disk: a table, a materialized view.
  bool is_heap() const { return kind == RelationKind::table || kind == RelationKind::materialized_view; }
};

}  // namespace martlet
