#include "db/postgres/libpq.h"

namespace martlet::postgres {

void* libpq_function(const char* name) {
  static const SharedLibrary library({.file = "libpq.so.5",
                                      .purpose = "which speaks to PostgreSQL",
                                      .wanted = "libpq 14 or newer (package libpq5)",
                                      .failure = ErrorKind::connection});
  return library.function(name);
}

}  // namespace martlet::postgres
