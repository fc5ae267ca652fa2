#include "db/postgres/libpq.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"

namespace martlet::postgres {
namespace {

constexpr const char* kLibrary = "libpq.so.5";

// Never unloaded: its libraries register things that end with the process.
void* library() {
  static void* const handle = dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
  if (handle) return handle;
  const char* reason = dlerror();
  throw Error(ErrorKind::connection, fmt::format("cannot load {}, which speaks to PostgreSQL: {}", kLibrary,
                                                 reason ? reason : "it failed before"))
      .next("install the package libpq5");
}

}  // namespace

void* libpq_function(const char* name) {
  if (void* function = dlsym(library(), name)) return function;
  throw Error(ErrorKind::connection, fmt::format("{} has no function {}: it is too old", kLibrary, name))
      .next("install libpq 14 or newer (package libpq5)");
}

}  // namespace martlet::postgres
