// What migrating SQLite costs at least: a small sqlite3 program that does the necessary work and nothing else.
#include <sqlite3.h>

#include "plain_files.h"

namespace {

void run(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sqlite3_errmsg(database));
}

std::string record(const PlainFile& file) {
  return "INSERT INTO limit_versions VALUES ('" + file.version + "', '" + file.digest + "');";
}

void apply_each(sqlite3* database, const std::vector<PlainFile>& files) {
  for (const PlainFile& file : files) run(database, "BEGIN IMMEDIATE;" + file.up + record(file) + "COMMIT");
}

void apply_all(sqlite3* database, const std::vector<PlainFile>& files) {
  run(database, "BEGIN IMMEDIATE");
  for (const PlainFile& file : files) run(database, file.up + record(file));
  run(database, "COMMIT");
}

Applied applied(sqlite3* database) {
  Applied versions;
  const auto keep = [](void* target, int, char** values, char**) {
    static_cast<Applied*>(target)->emplace(values[0], values[1]);
    return 0;
  };
  if (sqlite3_exec(database, "SELECT version, digest FROM limit_versions", keep, &versions, nullptr) != SQLITE_OK)
    fail(sqlite3_errmsg(database));
  return versions;
}

void apply(sqlite3* database, const Order& order) {
  run(database, "CREATE TABLE limit_versions (version text PRIMARY KEY, digest text NOT NULL)");
  const auto files = read_files(order.folder);
  order.job == Job::apply_all ? apply_all(database, files) : apply_each(database, files);
}

}  // namespace

int main(int argc, char** argv) {
  const Order order = parse_order(argc, argv);
  if (order.job == Job::apply_window) fail("SQLite answers in the same process: there is no window to fill");
  sqlite3* database = nullptr;
  if (sqlite3_open(order.target.c_str(), &database) != SQLITE_OK) fail(sqlite3_errmsg(database));
  switch (order.job) {
    case Job::nothing_to_do:
      check_nothing_to_do(applied(database), order.folder);
      break;
    case Job::status:
      print_status(applied(database), order.folder);
      break;
    default:
      apply(database, order);
  }
  sqlite3_close(database);
}
