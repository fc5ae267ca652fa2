#include "hazard/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "hazard/look.h"
#include "sql/canonical.h"

namespace martlet {
namespace {

// Both catalogs at once: how a relation was before the up part, and how the down part leaves it.
class Comparison {
 public:
  explicit Comparison(const UpAndDown& both)
      : both_(both), before_(both.catalog, both.before), after_up_(both.catalog, both.after) {}

  std::vector<std::string> said;

  void relations() {
    std::set<std::pair<std::string, std::string>> names;
    both_.catalog.relations.each_changed(both_.before.relations, [&](ObjectId id, const Relation* was) {
      if (was) names.emplace(was->schema, was->name);
      if (const Relation* now = both_.catalog.relations.get(id)) names.emplace(now->schema, now->name);
    });
    for (const auto& [schema, name] : names) {
      relation(before_.relation(schema, name), both_.catalog.relations.find(schema, name));
    }
  }

  void types() {
    std::map<std::pair<std::string, std::string>, std::pair<const Type*, const Type*>> pairs;
    both_.catalog.types.each_changed(both_.before.types, [&](ObjectId id, const Type* was) {
      if (was && is_compared(*was)) pairs[{was->schema, was->name}].first = was;
      const Type* now = both_.catalog.types.get(id);
      if (now && is_compared(*now)) pairs[{now->schema, now->name}].second = now;
    });
    for (const auto& [name, pair] : pairs) {
      const auto& [was, now] = pair;
      if (!exists_on_both(was, now, "type " + name.second)) continue;
      if (was->labels != now->labels) said.push_back(fmt::format("type {} has other labels", name.second));
    }
  }

 private:
  // Enums and domains; arrays and row types go with what they belong to.
  static bool is_compared(const Type& type) {
    return type.kind == Type::Kind::enumeration || type.kind == Type::Kind::domain;
  }

  template <class Object>
  bool exists_on_both(const Object* was, const Object* now, const std::string& what) {
    if (was && now) return true;
    if (was) said.push_back(what + " is gone");
    if (now) said.push_back(what + " is still there");
    return false;
  }

  static std::string described(const Relation& relation) {
    if (relation.is_index()) return "index " + shown(relation);
    if (relation.kind == RelationKind::sequence) return "sequence " + shown(relation);
    return shown(relation);
  }

  // What goes with its table is not said again, and what may never have been there not at all.
  bool needs_no_word(const Relation* was, const Relation* now) const {
    if (was && !now && was->assumed) return true;  // perhaps it never was there: DROP … IF EXISTS
    if (was && !now && was->index) return !exists_now(was->index->table);
    if (now && !was && now->index) return !before_.relation(now->index->table) && !was_there(now->index->table);
    const Relation& any = was ? *was : *now;
    return any.kind == RelationKind::sequence && any.owned_by.relation != 0;
  }
  bool exists_now(ObjectId id) const {
    const Relation* was = before_.relation(id);
    return was && both_.catalog.relations.find(was->schema, was->name);
  }
  bool was_there(ObjectId id) const {
    const Relation* now = both_.catalog.relations.get(id);
    return now && before_.relation(now->schema, now->name);
  }

  void relation(const Relation* was, const Relation* now) {
    if (!was && !now) return;
    if ((!was || !now) && needs_no_word(was, now)) return;
    if (!exists_on_both(was, now, described(was ? *was : *now))) return;
    const std::string table = shown(*was);
    columns(table, *was, *now);
    parts(table, "constraint", was->constraints, now->constraints, was->columns_unknown);
    parts(table, "trigger", was->triggers, now->triggers, was->columns_unknown);
    parts(table, "policy", was->policies, now->policies, was->columns_unknown);
    if (was->row_security != now->row_security) {
      said.push_back(fmt::format("row security of {} is {}", table, now->row_security ? "still on" : "off"));
    }
    if (was->index && now->index && was->index->unique != now->index->unique) {
      said.push_back(fmt::format("index {} is {}unique", table, now->index->unique ? "" : "not "));
    }
  }

  // Of a table whose columns nobody knows: what the up part made, not what it only named.
  bool made_by_up(const Relation& now, const Column& column) const {
    const Relation* after_up = after_up_.relation(now.id);
    return after_up && after_up->column(std::string_view(column.name)) && !column.assumed;
  }

  void columns(const std::string& table, const Relation& was, const Relation& now) {
    for (const Column& old : was.columns) {
      const Column* column = now.column(std::string_view(old.name));
      const std::string name = table + "." + old.name;
      if (exists_on_both(&old, column, name)) compare(name, old, *column);
    }
    for (const Column& column : now.columns) {
      if (was.column(std::string_view(column.name))) continue;
      if (was.columns_unknown && !made_by_up(now, column)) continue;
      said.push_back(fmt::format("{}.{} is still there", table, column.name));
    }
  }

  void compare(const std::string& name, const Column& was, const Column& now) {
    const auto differ = [&](std::string_view what) { said.push_back(fmt::format("{} has another {}", name, what)); };
    if (!same_type(was.type, now.type)) differ("type");
    if (was.not_null != now.not_null) said.push_back(name + (now.not_null ? " is still NOT NULL" : " is not NOT NULL"));
    const bool same = was.default_sql == now.default_sql ||
                      canonical_expression(was.default_sql) == canonical_expression(now.default_sql);
    if (!same) differ(was.generated ? "expression" : "default");
    if (was.identity != now.identity) differ("identity");
  }

  // A type that was dropped and made again has another id.
  bool same_type(const TypeUse& was, const TypeUse& now) const {
    if (was.type == 0 || now.type == 0) return true;
    if (was.modifier != now.modifier) return false;
    const Type* old = before_.type(was.type);
    const Type* type = both_.catalog.types.get(now.type);
    return was.type == now.type || !old || !type || (old->schema == type->schema && old->name == type->name);
  }

  template <class Part>
  void parts(const std::string& table, std::string_view word, const std::vector<Part>& was,
             const std::vector<Part>& now, bool unknown) {
    const auto has = [](const std::vector<Part>& all, const Part& part) {
      return std::ranges::count(all, part.name, &Part::name) > 0;
    };
    for (const Part& each : was) {
      if (!has(now, each)) said.push_back(fmt::format("{} {} of {} is gone", word, each.name, table));
    }
    for (const Part& each : now) {
      if (!unknown && !has(was, each)) {
        said.push_back(fmt::format("{} {} of {} is still there", word, each.name, table));
      }
    }
  }

  const UpAndDown& both_;
  CatalogBefore before_, after_up_;
};

}  // namespace

std::vector<std::string> leftovers(const UpAndDown& both) {
  Comparison comparison(both);
  comparison.relations();
  comparison.types();
  return std::move(comparison.said);
}

}  // namespace martlet
