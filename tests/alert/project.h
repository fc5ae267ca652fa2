// A project whose runs are told about.
#pragma once

#include <fmt/format.h>

#include <string>

#include "tests/support/folder.h"
#include "tests/support/martlet.h"
#include "tests/support/receiver.h"

namespace martlet::testing {

/// On SQLite, with a migration that can be applied and taken back; `configuration` is its martlet.toml.
class AlertProject {
 public:
  explicit AlertProject(const std::string& configuration) {
    configure(configuration);
    folder_.write("migrations/V001__orders.sql",
                  "CREATE TABLE orders (id int);\n-- martlet:down\nDROP TABLE orders;\n");
  }

  void configure(const std::string& configuration) const {
    folder_.write("martlet.toml", "url = \"sqlite:shop.db\"\n" + configuration);
  }
  void break_migration() const {
    folder_.write("migrations/V002__broken.sql", "CREATE TABLE lines (id int);\nINSERT INTO nowhere VALUES (1);\n");
  }
  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    return martlet(std::move(arguments), std::move(environment), folder_.path());
  }
  Process start(std::vector<std::string> arguments, Environment environment = {}) const {
    return Process(martlet_command(std::move(arguments), std::move(environment), folder_.path()));
  }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

/// A [[sink]] of a name and kind, with more lines.
inline std::string sink(const std::string& name, const std::string& kind, const std::string& lines) {
  return fmt::format("[[sink]]\nname = \"{}\"\nkind = \"{}\"\n{}\n", name, kind, lines);
}

}  // namespace martlet::testing
