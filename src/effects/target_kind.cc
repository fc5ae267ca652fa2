#include "effects/target_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace martlet {
namespace {

struct Named {
  PgQuery__ObjectType type;
  RelationKind kind;
  std::string_view words;
};

constexpr std::array<Named, 7> kNamed{{
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, RelationKind::table, "a table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, RelationKind::index, "an index"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, RelationKind::sequence, "a sequence"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, RelationKind::view, "a view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, RelationKind::materialized_view, "a materialized view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, RelationKind::foreign_table, "a foreign table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, RelationKind::composite_type, "a composite type"},
}};

const Named& named(PgQuery__ObjectType type) {
  const auto at = std::ranges::find(kNamed, type, &Named::type);
  return at == kNamed.end() ? kNamed.front() : *at;
}

// With or without partitions.
bool is_of(const Relation& relation, RelationKind kind) {
  if (kind == RelationKind::index) return relation.is_index();
  return relation.kind == kind || (kind == RelationKind::table && relation.kind == RelationKind::partitioned_table);
}

[[noreturn]] void refuse(const Execution& execution, const Relation& relation, PgQuery__ObjectType type) {
  execution.fail("42809", fmt::format("\"{}\" is not {}", relation.name, named(type).words));
}

}  // namespace

RelationKind named_kind(PgQuery__ObjectType type) {
  return named(type).kind;
}

std::string_view named_kind_words(PgQuery__ObjectType type) {
  return named(type).words;
}

void require_no_catalog(const Execution& execution, const Relation& relation) {
  constexpr ObjectId kFirstUnpinned = 12000;  // transam.h, FirstUnpinnedObjectId
  if (relation.id >= kFirstUnpinned) return;
  execution.fail("42501", fmt::format("permission denied: \"{}\" is a system catalog", relation.name));
}

void require_altered_kind(const Execution& execution, const Relation& relation, PgQuery__ObjectType type,
                          AlterForm form) {
  require_no_catalog(execution, relation);
  if (relation.assumed) return;
  const RelationKind kind = named_kind(type);
  const bool is_composite = relation.kind == RelationKind::composite_type;
  if (is_composite && kind != RelationKind::composite_type) {
    execution.fail("42809", fmt::format("\"{}\" is a composite type", relation.name));
  }
  const bool takes_all = kind == RelationKind::table || (kind == RelationKind::index && form == AlterForm::rename);
  if (!takes_all && !is_of(relation, kind)) refuse(execution, relation, type);
  if (form == AlterForm::set_schema && relation.is_index()) {
    execution.fail("42809", fmt::format("cannot change schema of index \"{}\"", relation.name));
  }
}

void require_exact_kind(const Execution& execution, const Relation& relation, PgQuery__ObjectType type) {
  if (!relation.assumed && !is_of(relation, named_kind(type))) refuse(execution, relation, type);
}

}  // namespace martlet
