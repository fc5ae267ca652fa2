// What the tests of faults share: a migrations folder, a database of either kind, and everything that a run leaves in
// it as one text, so that a disturbed run can be compared with an undisturbed one.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "history/audit.h"
#include "history/lease.h"
#include "history/ledger.h"
#include "schema/dump.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet {
inline void PrintTo(Dialect dialect, std::ostream* stream) {
  *stream << (dialect == Dialect::postgres ? "PostgreSQL" : "SQLite");
}
}  // namespace martlet

namespace martlet::testing {

/// A new, empty database of a kind, removed at the end of its scope.
class FaultDatabase {
 public:
  explicit FaultDatabase(Dialect dialect) {
    if (dialect == Dialect::postgres) {
      server_ = std::make_unique<TestDatabase>(fresh_database());
    } else {
      folder_ = std::make_unique<TemporaryFolder>();
      file_ = Url::parse("sqlite:" + file().string());
      open_connection(file_, {.missing = OpenOptions::Missing::create});
    }
  }

  const Url& url() const { return server_ ? server_->url() : file_; }
  /// Of SQLite only.
  std::filesystem::path file() const { return *folder_ / "test.db"; }
  std::unique_ptr<Connection> connect() const { return open_connection(url()); }
  Result query(std::string_view sql) const { return connect()->execute(sql); }
  /// The first value of the first row; "" for NULL or no row.
  std::string value(std::string_view sql) const {
    const Result result = query(sql);
    return result.rows.empty() ? "" : result.rows[0].at(0).value_or("");
  }

 private:
  std::unique_ptr<TestDatabase> server_;
  std::unique_ptr<TemporaryFolder> folder_;
  Url file_;
};

/// A folder with migrations/ in the default layout, and the program run in it.
class Project {
 public:
  void write(const std::string& name, const std::string& sql) const { folder_.write("migrations/" + name, sql); }
  const TemporaryFolder& folder() const { return folder_; }

  Command command(const Url& url, std::vector<std::string> arguments, Environment environment = {}) const {
    environment["DATABASE_URL"] = url.text();
    return martlet_command(std::move(arguments), std::move(environment), folder_.path());
  }
  Finished run(const Url& url, std::vector<std::string> arguments, Environment environment = {}) const {
    return testing::run(command(url, std::move(arguments), std::move(environment)));
  }
  Process start(const Url& url, std::vector<std::string> arguments, Environment environment = {}) const {
    return Process(command(url, std::move(arguments), std::move(environment)));
  }

 private:
  TemporaryFolder folder_;
};

inline std::string ledger_text(const Ledger& ledger) {
  std::string text;
  for (const LedgerRow& row : ledger.rows()) {
    text += fmt::format("{} {} {} {}\n", row.installed_order, row.id, state_name(row.state), row.checksum);
  }
  return text + fmt::format("unfinished: {}\n", ledger.unfinished());
}

/// What was committed, oldest first. Failures are left out: only a disturbed run has them.
inline std::string audit_text(const std::vector<AuditEvent>& events) {
  std::string text;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->event == "failed") continue;
    text += fmt::format("{} {} {} {}\n", event->event, event->migration, event->version_before, event->version_after);
  }
  return text + fmt::format("first broken: {}\n", Audit::first_broken(events));
}

/// Schema, ledger, journal, audit and lease, and the rows of the table `log`, which every migration of these tests
/// writes to: a statement that ran twice shows there.
inline std::string end_state(const Url& url) {
  const auto connection = open_connection(url);
  const HistoryNames names = HistoryNames::make({}, url.dialect());
  std::string text = dump_schema(*connection, url, names) + "\n";
  text += ledger_text(Ledger::read(*connection, names));
  text += audit_text(Audit::read(*connection, names));
  for (const Row& row : connection->execute("SELECT what FROM log ORDER BY what").rows) text += *row[0] + "\n";
  const auto holder = read_lease(*connection, names);
  return text + (holder ? "held by " + holder->text() : "nobody holds the lease");
}

}  // namespace martlet::testing
