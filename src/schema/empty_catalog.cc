#include "schema/builtin.h"
#include "schema/catalog.h"

namespace martlet {

Catalog empty_catalog() {
  Catalog catalog;
  catalog.relations.born_with(builtin_relations());
  catalog.types.born_with(builtin_types());
  catalog.functions.born_with(builtin_functions());
  catalog.operators.born_with(builtin_operators());
  catalog.operator_classes.born_with(builtin_operator_classes());
  for (const Cast& cast : builtin_casts()) catalog.add_cast(cast);
  catalog.schemas.add({.id = 11, .schema = "", .name = "pg_catalog", .owner = "postgres"});
  catalog.schemas.add({.id = 2200, .schema = "", .name = "public", .owner = "pg_database_owner"});
  catalog.schemas.add({.id = 12000, .schema = "", .name = "information_schema", .owner = "postgres"});
  return catalog;
}

}  // namespace martlet
