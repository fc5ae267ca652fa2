#include "backup/engine/postgres_snapshot.h"

#include <fmt/format.h>

#include "backup/engine/custom_dump.h"
#include "backup/engine/postgres_tools.h"
#include "base/capture.h"
#include "base/failpoint.h"
#include "base/piped_child.h"
#include "base/text.h"
#include "history/standing.h"
#include "schema/pg_dump.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::string_view kLockWait = "--lock-wait-timeout=60000";  // ms, for ACCESS SHARE on every table
constexpr std::size_t kBlock = 256 * 1024;

/// What pg_dump writes, kept by nobody: each piece goes on to `out`.
class DumpOutput final : public ByteSource {
 public:
  DumpOutput(PipedChild& child, ByteSink& out) : child_(child), out_(out), block_(kBlock, '\0') {}
  std::string_view next() override {
    const std::string_view piece(block_.data(), child_.read(block_.data(), block_.size()));
    out_.write(piece);
    return piece;
  }

 private:
  PipedChild& child_;
  ByteSink& out_;
  std::string block_;
};

class PostgresSnapshot final : public Snapshot {
 public:
  PostgresSnapshot(const DumpOrder& order, BackupHeader& header)
      : order_(order), connection_(open_connection(order.url)), program_(find_pg_dump(connection_->version() / 10000)) {
    refuse_pooler();
    connection_->execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    id_ = connection_->execute("SELECT pg_catalog.pg_export_snapshot()").rows.at(0).at(0).value();
    estimate_ = read_database_facts(*connection_, header);
    header.database = order.url.database();
    header.dump_version = std::string(trim(capture({program_, "--version"}).output));
    header.version = migration_version();
    header_ = header;
  }

  std::uint64_t estimated_bytes() const override { return order_.type == BackupType::schema ? 0 : estimate_; }

  Contents dump(ByteSink& out) override {
    PipedChild child(arguments(), tool_environment(order_.url, header_), PipedChild::Ours::its_output);
    DumpOutput output(child, out);
    Contents contents;
    std::exception_ptr unreadable;
    try {
      contents = read(output);
    } catch (const Error& error) {
      if (error.kind != ErrorKind::validation) throw;
      unreadable = std::current_exception();  // pg_dump's own words are better, where it failed
    }
    while (unreadable && !output.next().empty()) {
    }
    const int code = child.wait();
    if (code != 0) {
      throw tool_failed("pg_dump could not read the database", code, child.errors())
          .leaves("nothing was changed, and there is no backup")
          .next("the role needs to read every table, and row security needs to let it (BYPASSRLS)");
    }
    if (unreadable) std::rethrow_exception(unreadable);
    return contents;
  }

 private:
  void refuse_pooler() {
    if (!connection_->behind_pooler()) return;
    throw Error(ErrorKind::connection, "a backup needs a session of its own, and a transaction pooler gives none")
        .leaves("nothing was changed")
        .next("set direct_url to the server itself");
  }

  // In the snapshot, so that it is the version of the rows; a database without history answers with an error.
  std::string migration_version() {
    connection_->execute("SAVEPOINT history");
    const Ledger ledger = Ledger::read(*connection_, HistoryNames::make(order_.history, Dialect::postgres));
    connection_->execute("ROLLBACK TO SAVEPOINT history");
    return ledger.exists() ? current_version(compare({}, ledger)) : "";
  }

  std::vector<std::string> arguments() const {
    std::vector<std::string> words{program_,        "--format=custom",     "--compress=0", "--snapshot=" + id_,
                                   "--no-password", std::string(kLockWait)};
    if (header_.settings.at("encoding") != "SQL_ASCII") words.push_back("--encoding=UTF8");
    if (!order_.with_owner) words.insert(words.end(), {"--no-owner", "--no-acl"});
    if (order_.type == BackupType::data) words.push_back("--data-only");
    const HistoryNames names = HistoryNames::make(order_.history, Dialect::postgres);
    // Whoever runs now does not run in a database that is restored some day.
    for (const std::string& table : {names.lease, names.control}) words.push_back("--exclude-table-data=" + table);
    if (order_.type == BackupType::schema) leave_out(names, words);
    return words;
  }

  // A history without its rows would be none. A quoted name is a pattern that stands for itself.
  static void leave_out(const DumpExclusions& own, std::vector<std::string>& words) {
    words.push_back("--schema-only");
    for (const std::string& schema : own.schemas) words.push_back("--exclude-schema=" + quote_identifier(schema));
    for (const auto& [schema, table] : own.tables) {
      words.push_back("--exclude-table=" + quote_identifier(schema) + "." + quote_identifier(table));
    }
  }

  Contents read(ByteSource& output) const {
    if (order_.sums) return read_custom_dump(output, random_seed());
    while (!output.next().empty()) {
    }
    return {.summed = false};
  }

  const DumpOrder order_;
  std::unique_ptr<Connection> connection_;
  std::string program_, id_;
  BackupHeader header_;
  std::uint64_t estimate_ = 0;
};

}  // namespace

std::unique_ptr<Snapshot> take_postgres_snapshot(const DumpOrder& order, BackupHeader& header) {
  return std::make_unique<PostgresSnapshot>(order, header);
}

}  // namespace martlet
