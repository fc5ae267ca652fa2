// The SQL that makes a role for migrations which may do what they must, and nothing else.
#pragma once

#include <string>

#include "gate/situation.h"

namespace martlet {

struct GrantOrder {
  std::string role = "martlet_migrator";
  bool backups = false;  // it takes backups: reads all tables
  bool kills = false;    // kill_blockers_after is set: it may end sessions of other roles
};

/// A script for psql, to be run by the owner of the database's objects or a superuser; it can be run again. Reads the
/// catalog, changes nothing. PostgreSQL.
std::string grant_script(HealthSituation& situation, const GrantOrder& order);

}  // namespace martlet
