#include "schema/catalog.h"

namespace martlet {

Catalog empty_catalog() {
  Catalog catalog;
  catalog.schemas.add({.id = 2200, .schema = "", .name = "public"});
  return catalog;
}

}  // namespace martlet
