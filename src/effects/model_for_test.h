// For tests: a catalog on which statements are executed one after the other.
#pragma once

#include <map>
#include <string>

#include "effects/execute.h"

namespace martlet {

/// What a database would be after the statements; only what PostgreSQL is born with is there at first, and a relation
/// that no statement made does not exist.
class ModelForTest {
 public:
  ModelForTest() : catalog(empty_catalog()) {
    catalog.complete = true;
    catalog.record();
  }

  /// Executes all statements of the text; the effects of the last one.
  Effects run(const std::string& sql) {
    Effects last;
    visit_trees(split({sql, "test.sql", 1}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
      last = execute(statement, tree, catalog, session);
    });
    return last;
  }
  /// "t:Share+scan t_a:AccessExclusive+rebuilt", by name, locks below RowExclusive left out; "ERR 42P01 message" for a
  /// failure; "not known: reason".
  std::string effects_of(const std::string& sql) {
    const Effects effects = run(sql);
    if (effects.error) return "ERR " + effects.error->sqlstate + " " + effects.error->message;
    if (!effects.known) return "not known: " + effects.unknown_reason;
    std::map<std::string, std::string> by_name;
    for (const RelationEffect& each : effects.relations) {
      std::string text;
      if (each.strongest() >= LockMode::row_exclusive) text = lock_name(each.strongest());
      if (each.rewrite) text += "+rewrite";
      if (each.scan && !each.rewrite) text += "+scan";
      if (each.rebuilt) text += "+rebuilt";
      if (!text.empty()) by_name[each.name] = text;
    }
    std::string all;
    for (const auto& [name, text] : by_name) all += (all.empty() ? "" : " ") + name + ":" + text;
    return all;
  }
  const Relation* find(const std::string& name) const { return catalog.relations.find("public", name); }

  Catalog catalog;
  SessionState session;
};

}  // namespace martlet
