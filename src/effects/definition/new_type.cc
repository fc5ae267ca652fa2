#include "effects/definition/new_type.h"

#include <fmt/format.h>

#include "effects/lookup.h"

namespace martlet {

Type begin_type(Execution& execution, const QualifiedName& name, Type::Kind kind) {
  std::string schema = execution.creation_schema(name);
  require_schema(execution, schema);
  const Relation* relation = execution.catalog.relations.find(schema, name.name);
  const bool has_row_type = relation && !relation->is_index() && relation->kind != RelationKind::sequence;
  if (execution.catalog.types.find(schema, name.name) || has_row_type) {
    execution.fail("42710", fmt::format("type \"{}\" already exists", name.name));
  }
  return {.id = execution.catalog.next_id(),
          .schema = std::move(schema),
          .name = name.name,
          .kind = kind,
          .owner = execution.session.user};
}

void add_type(Execution& execution, Type type) {
  Type array{.id = execution.catalog.next_id(),
             .schema = type.schema,
             .name = "_" + type.name,
             .category = 'A',
             .element = type.id,
             .collatable = type.collatable,
             .owner = type.owner,
             .storage = 'x'};
  type.array = array.id;
  if (execution.session.in_transaction) execution.session.new_types.insert(type.id);
  execution.catalog.types.add(std::move(type));
  execution.catalog.types.add(std::move(array));
}

void add_shell_type(Execution& execution, const QualifiedName& name) {
  Type shell = begin_type(execution, name, Type::Kind::pseudo);
  shell.category = 'P';
  shell.length = 4;
  execution.catalog.types.add(std::move(shell));
}

}  // namespace martlet
