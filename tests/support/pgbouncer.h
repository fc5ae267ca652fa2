// The real pgbouncer in front of a test server.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scratch/local_server.h"
#include "tests/support/folder.h"

namespace martlet::testing {

/// Listens on a Unix socket in a temporary folder, for every database of `server`; stopped at the end of its scope.
class PgBouncer {
 public:
  struct Options {
    std::string pool_mode = "transaction";
    int pool_size = 2;               // server connections a database and user
    bool ignores_options = false;    // ignore_startup_parameters = options, instead of refusing them
    std::vector<std::string> users;  // besides postgres
  };
  explicit PgBouncer(const LocalServer& server) : PgBouncer(server, Options{}) {}
  PgBouncer(const LocalServer& server, const Options& options);
  ~PgBouncer();

  /// The same database (and user) as `direct`, through the pooler.
  Url url(const Url& direct) const;
  void stop();

 private:
  void wait_until_ready(const LocalServer& server);

  TemporaryFolder folder_;
  std::unique_ptr<Child> process_;
};

}  // namespace martlet::testing
