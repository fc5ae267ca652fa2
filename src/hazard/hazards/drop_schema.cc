#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

struct Content {
  std::size_t tables = 0;
  bool any = false;
  bool only_new = true;
};

Content content_of(const Case& at, std::string_view schema) {
  Content content;
  at.before.each_relation([&](const Relation& relation) {
    if (relation.schema != schema) return;
    content.any = true;
    content.only_new = content.only_new && at.is_new(relation.id);
    if (relation.is_heap() || relation.kind == RelationKind::partitioned_table) ++content.tables;
  });
  return content;
}

void check(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA) return;
  if (drop.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) return;  // succeeds only where nothing is in it
  for (const Node* each : list(drop.n_objects, drop.objects)) {
    const std::string schema(string_value(each));
    const Content content = content_of(at, schema);
    if (content.any ? content.only_new : at.catalog.complete) continue;
    found.add(at, fmt::format("everything in the schema {} is gone at once{}", QualifiedName{"", schema}.text(),
                              content.tables == 0   ? ""
                              : content.tables == 1 ? ", one table with its rows"
                                                    : fmt::format(", {} tables with their rows", content.tables)));
  }
}

const Registered<Hazard> kHazard{{
    .id = "drop-schema",
    .severity = Hazard::Severity::error,
    .summary = "DROP SCHEMA … CASCADE",
    .why =
        "Every table, view, type and function in the schema is dropped without being named, with all rows, and so is "
        "what depends on them in other schemas. Only a backup brings them back.",
    .safe_form = "Drop what is in the schema one by one, in migrations of their own, then the empty schema without "
                 "CASCADE: what was forgotten stops it.",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
