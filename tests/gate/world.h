// What tests of health checks need: a database with a history, made as a run makes it, and one check asked of it.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "gate/health.h"
#include "tests/support/folder.h"

namespace martlet {
/// For messages of failed expectations.
void PrintTo(HealthState state, std::ostream* stream);
}  // namespace martlet

namespace martlet::testing {

/// A migrations folder (flyway layout) and a database that some of it is recorded in.
class World {
 public:
  explicit World(const Url& database) : url_(database) {}

  const Url& url() const { return url_; }
  TemporaryFolder& folder() { return folder_; }
  FolderOptions folder_options() const;
  HistoryNames names() const { return HistoryNames::make({}, url_.dialect()); }
  HealthTarget target() const { return {.url = url_, .folder = folder_options()}; }

  /// Writes migrations/<name>.
  void write(const std::string& name, const std::string& sql) { folder_.write("migrations/" + name, sql); }
  void remove(const std::string& name) { std::filesystem::remove(folder_ / ("migrations/" + name)); }
  /// Records the migration with this id as applied, with its text and an audit event; its SQL is not run.
  void record(const std::string& id);
  void bootstrap();
  /// One statement on a connection of its own.
  Result query(std::string_view sql) const { return open_connection(url_)->execute(sql); }

 private:
  Url url_;
  TemporaryFolder folder_;
};

/// Asks all that `asker` asks, and picks one check's result. Throws std::runtime_error where it is not asked.
HealthResult ask(HealthSituation& situation, AskedBy asker, std::string_view id);
HealthResult ask(const HealthTarget& target, AskedBy asker, std::string_view id);

/// All lines of a result, for expectations about its text.
std::string text_of(const HealthResult& result);

}  // namespace martlet::testing
