#include "gate/managed_schemas.h"

#include <algorithm>

#include "base/text.h"
#include "history/values.h"
#include "sql/statement.h"

namespace martlet {
namespace {

bool is_mentioned(const Folder& folder, const std::string& schema) {
  const std::string plain = lower(schema) + ".";
  const std::string quoted = quote_identifier(schema) + ".";
  return std::any_of(folder.migrations.begin(), folder.migrations.end(), [&](const Migration& migration) {
    return lower(migration.up.text).find(plain) != std::string::npos ||
           migration.up.text.find(quoted) != std::string::npos;
  });
}

const Folder* folder_or_null(HealthSituation& situation) {
  try {
    return &situation.folder();
  } catch (const Error&) {
    return nullptr;  // migrations-folder reports it
  }
}

}  // namespace

std::vector<std::string> managed_schemas(HealthSituation& situation) {
  const Result found = situation.connection().execute(
      "SELECT nspname, nspname = current_schema() FROM pg_catalog.pg_namespace "
      "WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', $1) ORDER BY 1",
      {situation.names.raw_schema});
  const Folder* folder = folder_or_null(situation);
  std::vector<std::string> schemas;
  for (const Row& row : found.rows) {
    const std::string name = text_of(row[0]);
    if (truth_of(row[1]) || (folder && is_mentioned(*folder, name))) schemas.push_back(name);
  }
  return schemas;
}

}  // namespace martlet
