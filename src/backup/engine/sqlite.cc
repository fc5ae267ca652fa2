// SQLite: a copy by the online backup API, checked page by page, is the dump.
#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "backup/engine/engine.h"
#include "backup/name.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/files.h"
#include "base/text.h"
#include "db/sqlite/copy.h"
#include "history/standing.h"
#include "scratch/folder.h"
#include "sql/statement.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;
constexpr long kPatience = 30'000;  // ms, for a writer to end
constexpr std::string_view kSqliteFile = "SQLite format 3";
constexpr std::size_t kBlock = 256 * 1024;

std::string shown_version(int version) {
  return fmt::format("{}.{}.{}", version / 1'000'000, version / 1000 % 1000, version % 1000);
}

// quote() tells a text from a number and a blob.
std::string select_of(Connection& connection, const std::string& table) {
  const Result columns =
      connection.execute("SELECT name FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid", {table});
  std::vector<std::string> quoted;
  for (const Row& row : columns.rows) quoted.push_back("quote(" + quote_identifier(row.at(0).value()) + ")");
  return fmt::format("SELECT {} FROM {}", join(quoted, " || ',' || "), quote_identifier(table));
}

ContentSum sum_of(Connection& connection, const std::string& select, std::uint64_t seed) {
  ContentSum sum;
  connection.each_row({select, {}}, [&](Row&& row) { sum.add(row.at(0).value_or(""), seed); });
  return sum;
}

// A virtual table keeps its rows in ordinary ones, which are summed. Those of the server's own are left out, but for
// the counters of AUTOINCREMENT.
Contents contents_of(const std::string& file) {
  const auto connection = open_connection(Url::parse("sqlite:" + file));
  Contents contents{.seed = random_seed()};
  const Result tables = connection->execute(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND "
      "(name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = 'sqlite_sequence') ORDER BY name");
  for (const Row& row : tables.rows) {
    const std::string name = row.at(0).value();
    const std::string select = select_of(*connection, name);
    contents.tables.push_back({"", name, select, sum_of(*connection, select, contents.seed)});
  }
  return contents;
}

class SqliteSnapshot final : public Snapshot {
 public:
  SqliteSnapshot(const DumpOrder& order, BackupHeader& header) : order_(order), copy_(folder_.path() / "copy.db") {
    if (order.type != BackupType::full) {
      throw Error(ErrorKind::usage, "a backup of a SQLite database is a whole one").next("take `martlet backup full`");
    }
    if (!driver_for(order.url).database_exists(order.url)) open_connection(order.url);  // says what is wrong
    sqlite::copy_database(order.url.target(), copy_.string(), kPatience, [](std::int64_t, std::int64_t) {});
    if (const std::string problems = sqlite::integrity_problems(copy_.string()); !problems.empty()) {
      throw Error(ErrorKind::drift, fmt::format("the database {} is damaged: {}", order.url.target(), problems))
          .leaves("nothing was changed, and there is no backup")
          .next("restore an earlier backup, or repair the file with the sqlite3 shell's .recover");
    }
    const auto connection = open_connection(Url::parse("sqlite:" + copy_.string()));
    const HistoryNames names = HistoryNames::make(order.history, Dialect::sqlite);
    const Ledger ledger = Ledger::read(*connection, names);
    header.engine = "sqlite";
    header.database = fs::path(order.url.target()).filename().string();
    header.server_version = shown_version(connection->version());
    header.taken_at = iso_time(now_seconds());
    header.version = ledger.exists() ? current_version(compare({}, ledger)) : "";
  }

  std::uint64_t estimated_bytes() const override { return fs::file_size(copy_); }

  Contents dump(ByteSink& out) override {
    const Descriptor file(open(copy_.c_str(), O_RDONLY | O_CLOEXEC));
    std::string block(kBlock, '\0');
    for (ssize_t got = 0; (got = read(file.number(), block.data(), block.size())) != 0;) {
      if (got > 0) out.write({block.data(), static_cast<std::size_t>(got)});
      if (got < 0 && errno != EINTR) throw Error(ErrorKind::usage, fmt::format("cannot read {}", copy_.string()));
    }
    return order_.sums ? contents_of(copy_.string()) : Contents{.summed = false};
  }

 private:
  const DumpOrder order_;
  ScratchFolder folder_;
  fs::path copy_;
};

std::unique_ptr<Snapshot> take(const DumpOrder& order, BackupHeader& header) {
  return std::make_unique<SqliteSnapshot>(order, header);
}

Error cannot_write(const std::string& path) {
  return Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, std::strerror(errno)))
      .leaves("the database is as it was");
}

BackupHeader like(const Url&) {
  BackupHeader header;
  header.engine = "sqlite";
  return header;
}

// The folder stands for the file, which may not be there. A crash gives it back.
std::shared_ptr<void> reserve(const Url& to) {
  const fs::path folder = fs::absolute(to.target()).parent_path();
  const auto directory = std::make_shared<Descriptor>(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory->is_open()) throw cannot_write(folder);
  if (flock(directory->number(), LOCK_EX | LOCK_NB) == 0) return directory;
  throw Error(ErrorKind::lock, fmt::format("another restore in {} is going on", folder.string()))
      .leaves("nothing was changed")
      .next("wait for it to end");
}

void create(const Url& url, const BackupHeader&) {
  const Descriptor file(open(url.target().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) throw cannot_write(url.target());
}

void fill(const FillOrder& order, ByteSource& dump) {
  const std::string path = order.url.target();
  const Descriptor file(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file.is_open()) throw cannot_write(path);
  for (std::string_view piece = dump.next(); !piece.empty(); piece = dump.next()) {
    failpoint("restore-filling");
    if (!file.write(piece)) throw cannot_write(path);
  }
  if (fsync(file.number()) != 0) throw cannot_write(path);
}

void fill_from_file(const Url& url, const std::string& file) {
  if (read_beginning(file, kSqliteFile.size()) == kSqliteFile) {
    fs::copy_file(file, url.target(), fs::copy_options::overwrite_existing);
    fs::permissions(url.target(), fs::perms::owner_read | fs::perms::owner_write);
    return;
  }
  const auto connection = open_connection(url, {.missing = OpenOptions::Missing::create});
  for (const Statement& statement : split({read_file(file), file, 1}, Dialect::sqlite)) {
    try {
      connection->execute(statement.text);
    } catch (Error& error) {
      throw error.at(statement.place).leaves("the database is as it was");
    }
  }
}

std::vector<std::string> compare_rows(const Url& url, const BackupHeader&, const Contents& expected) {
  std::vector<std::string> differences;
  if (const std::string problems = sqlite::integrity_problems(url.target()); !problems.empty()) {
    differences.push_back("pages are damaged: " + problems);
    return differences;
  }
  const auto connection = open_connection(url);
  for (const TableContent& table : expected.tables) {
    const ContentSum found = sum_of(*connection, table.statement, expected.seed);
    if (found == table.sum) continue;
    differences.push_back(fmt::format("{} has {} rows, and had {}{}", table.name, found.rows, table.sum.rows,
                                      found.rows == table.sum.rows ? ", not the same ones" : ""));
  }
  return differences;
}

// What is in the write-ahead log goes into the file, and the log away: a log that stayed would be replayed into the
// restored file. SQLite refuses where somebody else has the database open in WAL mode.
void settle(const Url& url) {
  OpenOptions options;
  options.busy_timeout = std::chrono::seconds(5);
  const auto connection = open_connection(url, options);
  try {
    connection->execute("PRAGMA journal_mode = DELETE");
    connection->execute("BEGIN EXCLUSIVE");
    connection->execute("COMMIT");
  } catch (Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    throw Error(ErrorKind::lock, fmt::format("{} is in use: {}", url.target(), error.message))
        .leaves("the database is as it was")
        .next("stop the programs that have it open, then restore again");
  }
}

void swap(const Url& from, const Url& to, const std::string& kept) {
  const std::string restored = from.target(), name = to.target();
  if (!fs::exists(name)) {
    if (rename(restored.c_str(), name.c_str()) != 0) throw cannot_write(name);
    return;
  }
  settle(to);
  fs::permissions(restored, fs::status(name).permissions());
  // A second name for the old file first, then one rename that replaces the first: the name always has a whole file.
  if (link(name.c_str(), to.with_database(kept).target().c_str()) != 0) throw cannot_write(kept);
  failpoint("restore-between-renames");
  if (rename(restored.c_str(), name.c_str()) != 0) throw cannot_write(name);
  failpoint("restore-before-commit");
}

const Registered<BackupEngine> kEngine{{.id = "sqlite",
                                        .dialect = Dialect::sqlite,
                                        .take = take,
                                        .like = like,
                                        .reserve = reserve,
                                        .create = create,
                                        .fill = fill,
                                        .fill_from_file = fill_from_file,
                                        .compare = compare_rows,
                                        .swap = swap}};

}  // namespace
}  // namespace martlet
