// What a reviewed plan is recognised by.
#pragma once

#include <span>
#include <string>

#include "db/connection.h"
#include "history/names.h"
#include "plan/plan.h"
#include "schema/catalog.h"

namespace martlet {

/// Four parts, so that a plan that is refused can say which of them changed. Each is the beginning of a SHA-256.
struct PlanDigest {
  std::string files;    // the migrations and their texts
  std::string catalog;  // the schema that it was made on
  std::string steps;    // what it does: SQL, transactions, phases
  std::string target;   // the database: its cluster's system identifier, and its name

  /// "1f0c2d3e-77ab0192-…": what `plan` shows and `up --plan` takes.
  std::string text() const;
  /// Throws Error{usage} for anything that text() does not make.
  static PlanDigest parse(const std::string& text);
  /// Which parts of `now` are others, for people: "the schema and the steps are others now"; "" = none.
  std::string changes(const PlanDigest& now) const;
};

/// Everything in the catalog that users made, without sizes and without martlet's own tables.
std::string catalog_fingerprint(const Catalog& catalog, const HistoryNames& own);
/// Which database this is.
std::string target_fingerprint(Connection& connection);

PlanDigest digest_of(std::span<const PlannedMigration> migrations, std::string catalog, std::string target);

}  // namespace martlet
