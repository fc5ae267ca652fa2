#include "migration/migration.h"

#include "base/text.h"

namespace martlet {

std::string_view kind_name(MigrationKind kind) {
  switch (kind) {
    case MigrationKind::versioned:
      return "versioned";
    case MigrationKind::repeatable:
      return "repeatable";
    case MigrationKind::baseline:
      return "baseline";
  }
  return "versioned";
}

std::string Migration::ticket() const {
  for (const HeaderField& field : header) {
    if (equals_ignoring_case(field.name, "ticket")) return field.text;
  }
  return {};
}

}  // namespace martlet
