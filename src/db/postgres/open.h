// Opening a session.
#pragma once

#include <memory>

#include "db/connection.h"

namespace martlet::postgres {

/// As Driver::open. Tries again with fewer startup settings where the server or a pooler refuses them.
std::unique_ptr<Connection> open(const Url& url, const OpenOptions& options);

/// A session on the server of `url` beside its database: on "postgres" or, where that was dropped, on "template1".
/// CREATE DATABASE and its like cannot run from the database itself.
std::unique_ptr<Connection> open_maintenance(const Url& url, const OpenOptions& options = {});

}  // namespace martlet::postgres
