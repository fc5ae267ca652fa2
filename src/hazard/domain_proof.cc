#include "hazard/domain_proof.h"

#include <fmt/format.h>

#include "base/text.h"
#include "hazard/impact.h"
#include "hazard/tables_read.h"

namespace martlet {

void check_domain_proof(const Case& at, Findings& found, std::string_view what) {
  const PgQuery__AlterDomainStmt& change = *at.node->alter_domain_stmt;
  const std::string domain = qualified_name(change.n_type_name, change.type_name).text();
  TablesRead read = tables_read(at);
  if (read.tables.empty()) return;
  HazardFinding& finding =
      found.add(at, fmt::format("{} on {} reads {} under {}: {}", what, domain, join(read.tables, ", "),
                                lock_words(read.lock), waiting(at, read.lock)));
  finding.relations = std::move(read.tables);
}

}  // namespace martlet
