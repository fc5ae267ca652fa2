#include "db/postgres/console.h"

#include "db/postgres/connection.h"
#include "db/postgres/open.h"

namespace martlet::postgres {

Result ask_console(const Url& url, const std::string& command, Milliseconds connect_timeout) {
  const auto connection =
      open(url, {.application_name = "martlet gate", .settings = {}, .connect_timeout = connect_timeout});
  return dynamic_cast<PgConnection&>(*connection).execute_simply(command);
}

}  // namespace martlet::postgres
