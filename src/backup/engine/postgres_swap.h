// A restored database takes the place of the one that is in use.
#pragma once

#include <string>

#include "db/url.h"

namespace martlet {

/// Two renames in one transaction: at every moment, and after a crash at any, exactly one database has the name. New
/// connections wait for it (the server locks the database's entry), existing sessions are ended meanwhile. Owner,
/// privileges, connection limit and settings of the old database (and of roles in it) are given to the new one first.
/// Throws Error{connection} where a session will not end, Error{refused} where this role may not end it.
void swap_postgres(const Url& from, const Url& to, const std::string& kept);

}  // namespace martlet
