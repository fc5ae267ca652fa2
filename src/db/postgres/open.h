// Opening a session.
#pragma once

#include <memory>

#include "db/connection.h"

namespace martlet::postgres {

/// As Driver::open. Tries again with fewer startup settings where the server or a pooler refuses them.
std::unique_ptr<Connection> open(const Url& url, const OpenOptions& options);

}  // namespace martlet::postgres
