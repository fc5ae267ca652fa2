// A change of many rows that is to be made in committed batches, as data: what step/batch/ executes, what the journal
// keeps so that a crashed run goes on with it, and what a person sees of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

struct Operation;
struct Relation;

/// One UPDATE, DELETE or INSERT … SELECT that goes through the rows of one table, range of keys by range of keys. All
/// texts are SQL; names are quoted.
struct BatchChange {
  enum class Kind { update, remove, insert };
  struct Key {
    std::string column;
    std::string type;  // with its modifier: "character varying(10)"
    bool operator==(const Key&) const = default;
  };

  Kind kind = Kind::update;
  std::string table;        // whose rows are gone through, with its schema
  std::string alias;        // "" = none
  std::vector<Key> key;     // no NULLs, ascending in an index; empty: ranges of pages (ctid)
  std::string assignments;  // of an UPDATE: `a = 1, b = 2`
  std::string target;       // of an INSERT: `INSERT INTO copy (a, b) OVERRIDING SYSTEM VALUE`
  std::string values;       // of an INSERT: `a, b + 1`
  std::string conflict;     // of an INSERT: `ON CONFLICT DO NOTHING`, "" = none
  std::string condition;    // which rows; "" = all. Of an UPDATE: false for rows that are done
  double rows = -1;         // of the table, as far as its statistics know; -1 = not known
  std::int64_t pages = -1;  // of 8 kB; -1 = not known

  bool operator==(const BatchChange&) const = default;
  /// `table` or `table AS alias`, as it stands behind UPDATE, DELETE FROM and FROM.
  std::string source() const;
  std::string to_json() const;
  /// Throws Error{partial} where the text is none.
  static BatchChange from_json(const std::string& text);
};

/// A change that can be batched, or why not: "SET changes the key (id)".
struct BatchVerdict {
  std::optional<BatchChange> change;
  std::string why_not;
};

/// What the operation's UPDATE, DELETE or INSERT … SELECT is as batches. `key`: the columns to go by, by name; empty =
/// the primary key, otherwise a unique index over columns that are NOT NULL, otherwise ctid. The table is the
/// operation's; of an INSERT the one that it reads is found by the session's search path.
BatchVerdict batch_change(const Operation& operation, const std::vector<std::string>& key = {});

/// `UPDATE table SET assignments WHERE condition` in batches; `condition` must be false for rows that are done. nullopt
/// where the table's rows cannot be told apart.
std::optional<BatchChange> batched_update(const Operation& operation, const Relation& table, std::string assignments,
                                          std::string condition);

/// One batch as a person would run it, again and again until it changes nothing. `table`: its name as it is to be read.
std::string batch_sql(const BatchChange& change, const std::string& table);

}  // namespace martlet
