// PostgreSQL: pg_dump and pg_restore are called, not imitated.
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "backup/engine/engine.h"
#include "backup/engine/postgres_contents.h"
#include "backup/engine/postgres_snapshot.h"
#include "backup/engine/postgres_swap.h"
#include "backup/engine/postgres_tools.h"
#include "base/capture.h"
#include "base/descriptor.h"
#include "base/failpoint.h"
#include "base/files.h"
#include "base/piped_child.h"
#include "db/postgres/environment.h"
#include "db/postgres/open.h"
#include "schema/pg_dump.h"
#include "scratch/folder.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::string_view kCustomDump = "PGDMP";
constexpr int kIcuVersion = 150000;  // CREATE DATABASE … LOCALE_PROVIDER

std::string setting(const BackupHeader& header, const std::string& name) {
  const auto found = header.settings.find(name);
  return found == header.settings.end() ? "" : found->second;
}

BackupHeader like(const Url& url) {
  BackupHeader header;
  const bool there = driver_for(url).database_exists(url);
  read_database_facts(there ? *open_connection(url) : *postgres::open_maintenance(url), header);
  return header;
}

// Of the session, so that a crash gives it back.
std::shared_ptr<void> reserve(const Url& to) {
  std::shared_ptr<Connection> connection = postgres::open_maintenance(to);
  const Result got = connection->execute("SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1, 0))",
                                         {"martlet restore of " + to.database()});
  if (got.rows.at(0).at(0) == "t") return connection;
  throw Error(ErrorKind::lock, fmt::format("another restore of \"{}\" is going on", to.database()))
      .leaves("nothing was changed")
      .next("wait for it to end");
}

void create(const Url& url, const BackupHeader& header) {
  const auto connection = postgres::open_maintenance(url);
  const auto literal = [](const std::string& text) { return quote_literal(text, Dialect::postgres); };
  std::string sql = fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
                                quote_identifier(url.database()), literal(setting(header, "encoding")),
                                literal(setting(header, "lc_collate")), literal(setting(header, "lc_ctype")));
  const std::string provider = setting(header, "locale_provider");
  if (connection->version() >= kIcuVersion && provider == "i") {
    sql += fmt::format(" LOCALE_PROVIDER icu ICU_LOCALE {}", literal(setting(header, "locale")));
  }
  if (provider == "b")
    sql += fmt::format(" LOCALE_PROVIDER builtin BUILTIN_LOCALE {}", literal(setting(header, "locale")));
  connection->execute(sql);
}

std::vector<std::string> arguments(const FillOrder& order, const std::string& program) {
  std::vector<std::string> words{program, "--exit-on-error", "--no-password",
                                 "--dbname=" + database_argument(order.url)};
  if (!order.header.with_owner) words.insert(words.end(), {"--no-owner", "--no-acl"});
  return words;
}

Error restore_failed(int code, std::string_view said) {
  return tool_failed("the new database could not be filled", code, said)
      .next("see what it said; a role that may not create an extension or set an owner is the usual cause");
}

// The rest of the dump is read all the same: whether the backup is damaged is worth more than pg_restore's guess.
void fill_by_pipe(const FillOrder& order, const std::string& program, ByteSource& dump) {
  PipedChild child(arguments(order, program), tool_environment(order.url, order.header), PipedChild::Ours::its_input);
  bool listening = true;
  for (std::string_view piece = dump.next(); !piece.empty(); piece = dump.next()) {
    failpoint("restore-filling");
    if (listening) listening = child.write(piece);
  }
  const int code = child.wait();
  if (code != 0) throw restore_failed(code, child.errors());
}

// pg_restore cannot read standard input with several jobs: it needs to go back and forth in the dump.
void fill_by_file(const FillOrder& order, const std::string& program, ByteSource& dump) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / "dump").string();
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  bool whole = file.is_open();
  for (std::string_view piece = dump.next(); whole && !piece.empty(); piece = dump.next()) whole = file.write(piece);
  if (!whole) {
    throw Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, std::strerror(errno)))
        .next("free space in $TMPDIR, or restore without --jobs, which needs no file");
  }
  file.close();
  std::vector<std::string> words = arguments(order, program);
  words.push_back(fmt::format("--jobs={}", order.jobs));
  words.push_back(path);
  const Captured done = capture(words, tool_environment(order.url, order.header));
  if (done.exit_code != 0) throw restore_failed(done.exit_code, done.errors);
}

void fill(const FillOrder& order, ByteSource& dump) {
  const int server = open_connection(order.url)->version() / 10000;
  const std::string program = pg_restore_beside(find_pg_dump(server));
  if (order.jobs > 1) return fill_by_file(order, program, dump);
  fill_by_pipe(order, program, dump);
}

// psql's own commands in the file run as they would in psql: it is the user's file.
void fill_from_file(const Url& url, const std::string& file) {
  const int server = open_connection(url)->version() / 10000;
  const std::string restore = pg_restore_beside(find_pg_dump(server));
  const bool custom = read_beginning(file, kCustomDump.size()) == kCustomDump;
  const std::filesystem::path psql = std::filesystem::path(restore).parent_path() / "psql";
  std::vector<std::string> words{psql.string(),           "--no-psqlrc",   "--quiet",
                                 "--set=ON_ERROR_STOP=1", "--no-password", "--dbname=" + database_argument(url),
                                 "--file=" + file};
  if (custom)
    words = {restore,      "--exit-on-error", "--no-password",
             "--no-owner", "--no-acl",        "--dbname=" + database_argument(url),
             file};
  const Captured done = capture(words, postgres::child_environment(url));
  if (done.exit_code != 0) throw restore_failed(done.exit_code, done.errors);
}

const Registered<BackupEngine> kEngine{{.id = "postgres",
                                        .dialect = Dialect::postgres,
                                        .take = take_postgres_snapshot,
                                        .like = like,
                                        .reserve = reserve,
                                        .create = create,
                                        .fill = fill,
                                        .fill_from_file = fill_from_file,
                                        .compare = compare_postgres,
                                        .swap = swap_postgres}};

}  // namespace
}  // namespace martlet
