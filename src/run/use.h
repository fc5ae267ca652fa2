// Does anything still use what a contract takes away?
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "run/session.h"

namespace martlet {

/// What the contract phase takes away from old code: by its steps, and by what stands below `-- martlet:contract`,
/// which is executed on the model for that. Not within a transaction.
std::vector<OldName> names_taken_away(Session& session, const PlannedMigration& planned);

/// Does the query (as pg_stat_statements keeps it) name it? By the words in it: a column by its own name and that of
/// its table, which another schema may not stand before.
bool is_named_in(const std::string& query, const OldName& name);

struct StatementUse {
  std::string query_id;
  std::string query;
  long long calls = 0;
};
struct StatementUses {
  std::vector<StatementUse> statements;
  std::string why_not;  // nobody can tell: the extension is not there, or not to be read; "" = they were looked through
};
/// The statements in pg_stat_statements that name one of these. Never throws for an extension that cannot be read.
StatementUses statements_naming(Connection& connection, const std::vector<OldName>& names);

/// What was found, each as a line for people, and what could not be looked at.
struct UseFound {
  std::vector<std::string> uses;
  std::vector<std::string> not_looked_at;
};
/// Asks for sessions of old code, statements that were called since the expand phase, and the configured query. Throws
/// Error{validation} for a query that fails.
UseFound look_for_use(Session& session, const PlannedMigration& planned);

}  // namespace martlet
