// Named places where a test makes the process die or fail, to prove that a crash there loses nothing.
#pragma once

#include <string_view>

namespace martlet {

/// Does nothing unless the environment variable MARTLET_FAILPOINT names this point: `name` kills the process as
/// kill -9 does, `name:error` throws Error, `name:3` acts at the third pass, `name:3:error` both.
void failpoint(std::string_view name);

}  // namespace martlet
