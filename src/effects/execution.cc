#include "effects/execution.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/search_path.h"

namespace martlet {

Execution::Execution(Catalog& in_catalog, SessionState& in_session, const Statement& of, Effects& effects)
    : catalog(in_catalog), session(in_session), statement(of), effects_(effects), begin_(in_catalog.mark()) {}

bool Execution::is_new(ObjectId relation) const {
  return CatalogBefore(catalog, begin_).relation(relation) == nullptr;
}

RelationEffect* Execution::effect(ObjectId relation) {
  if (const auto at = index_.find(relation); at != index_.end()) return &effects_.relations[at->second];
  const Relation* before = CatalogBefore(catalog, begin_).relation(relation);
  if (!before) return nullptr;
  index_[relation] = effects_.relations.size();
  effects_.relations.push_back({.id = relation, .schema = before->schema, .name = before->name, .kind = before->kind});
  return &effects_.relations.back();
}

void Execution::lock(ObjectId relation, LockMode mode) {
  RelationEffect* effect_on = effect(relation);
  if (!effect_on) return;
  const auto at = std::ranges::lower_bound(effect_on->locks, mode);
  if (at == effect_on->locks.end() || *at != mode) effect_on->locks.insert(at, mode);
}

void Execution::scan(ObjectId relation) {
  if (RelationEffect* effect_on = effect(relation)) effect_on->scan = true;
}

void Execution::rewrite(ObjectId relation) {
  lock(relation, LockMode::access_exclusive);
  if (RelationEffect* effect_on = effect(relation)) effect_on->rewrite = effect_on->scan = true;
  const Relation* heap = catalog.relations.get(relation);
  if (!heap) return;
  const std::vector<ObjectId> indexes = heap->indexes;
  for (const ObjectId index : indexes) rebuild(index);
}

void Execution::rebuild(ObjectId index) {
  lock(index, LockMode::access_exclusive);
  if (RelationEffect* effect_on = effect(index)) effect_on->rebuilt = true;
}

void Execution::new_file(ObjectId relation) {
  RelationEffect* effect_on = effect(relation);
  if (!effect_on) return;
  const bool is_index = effect_on->kind == RelationKind::index || effect_on->kind == RelationKind::partitioned_index;
  (is_index ? effect_on->rebuilt : effect_on->rewrite) = true;
  if (!is_index) effect_on->scan = true;
}

void Execution::fail(std::string sqlstate, std::string message) const {
  throw StatementError{std::move(sqlstate), std::move(message)};
}

void Execution::refuse_in_transaction(std::string_view what) {
  effects_.transactional = false;
  if (session.in_transaction) fail("25001", fmt::format("{} cannot run inside a transaction block", what));
}

void Execution::assume(std::string text) {
  if (std::ranges::find(effects_.assumptions, text) == effects_.assumptions.end()) {
    effects_.assumptions.push_back(std::move(text));
  }
}

void Execution::not_known(std::string reason) {
  effects_.known = false;
  if (effects_.unknown_reason.empty()) effects_.unknown_reason = std::move(reason);
}

const Relation* Execution::find_relation(const QualifiedName& name) const {
  return by_search_path(session, name, [&](std::string_view schema, std::string_view relation) {
    return catalog.relations.find(schema, relation);
  });
}

const Relation& Execution::relation(const QualifiedName& name, RelationKind kind) {
  if (const Relation* found = find_relation(name)) return *found;
  if (catalog.complete) fail("42P01", fmt::format("relation \"{}\" does not exist", name.text()));
  assume(fmt::format("{} exists and is large", name.text()));
  Relation assumed{.id = catalog.next_id(), .schema = creation_schema(name), .name = name.name, .kind = kind};
  assumed.assumed = assumed.columns_unknown = true;
  const ObjectId id = assumed.id;
  catalog.relations.assume(std::move(assumed));
  return *catalog.relations.get(id);
}

std::string Execution::creation_schema(const QualifiedName& name) const {
  if (!name.schema.empty()) return name.schema;
  for (const std::string& schema : session.search_path) {
    const std::string& real = schema == "$user" ? session.user : schema;
    if (catalog.schemas.find("", real) || !catalog.complete) {
      if (schema != "$user") return real;
      if (catalog.schemas.find("", real)) return real;
    }
  }
  return "public";
}

}  // namespace martlet
