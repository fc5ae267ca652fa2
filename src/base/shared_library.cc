#include "base/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace martlet {

SharedLibrary::SharedLibrary(const Identity& identity)
    : identity_(identity), handle_(dlopen(identity.file, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_) return;
  const char* reason = dlerror();
  throw Error(identity.failure,
              fmt::format("cannot load {}, {}: {}", identity.file, identity.purpose, reason ? reason : "not known why"))
      .next(fmt::format("install {}", identity.wanted));
}

void* SharedLibrary::function(const char* name) const {
  if (void* found = dlsym(handle_, name)) return found;
  throw Error(identity_.failure, fmt::format("{} has no function {}: it is too old", identity_.file, name))
      .next(fmt::format("install {}", identity_.wanted));
}

}  // namespace martlet
