// What migrating PostgreSQL costs at least: a small libpq program that does the necessary work and nothing else.
#include <libpq-fe.h>

#include "plain_files.h"

namespace {

constexpr std::size_t kWindow = 16;  // transactions sent before the first answer is read

void expect(PGconn* connection, PGresult* result, ExecStatusType wanted) {
  if (PQresultStatus(result) != wanted) fail(PQerrorMessage(connection));
  PQclear(result);
}

void run(PGconn* connection, const std::string& sql) {
  expect(connection, PQexec(connection, sql.c_str()), PGRES_COMMAND_OK);
}

std::string record(const PlainFile& file) {
  return "INSERT INTO limit_versions VALUES ('" + file.version + "', '" + file.digest + "')";
}

void apply_each(PGconn* connection, const std::vector<PlainFile>& files) {
  for (const PlainFile& file : files) run(connection, "BEGIN;" + file.up + record(file) + ";COMMIT");
}

void apply_all(PGconn* connection, const std::vector<PlainFile>& files) {
  run(connection, "BEGIN");
  for (const PlainFile& file : files) run(connection, file.up + record(file));
  run(connection, "COMMIT");
}

/// A pipeline takes one statement a message; the benchmark's files end each one with ";\n".
std::vector<std::string> statements_of(const PlainFile& file) {
  std::vector<std::string> statements{"BEGIN"};
  for (std::size_t start = 0, end = 0; (end = file.up.find(";\n", start)) != std::string::npos; start = end + 2) {
    statements.push_back(file.up.substr(start, end - start));
  }
  statements.push_back(record(file));
  statements.push_back("COMMIT");
  return statements;
}

/// Reads the answers of one transaction: a result and a null for each statement, then the sync.
void read_answers(PGconn* connection, std::size_t statements) {
  for (std::size_t i = 0; i < statements; ++i) {
    expect(connection, PQgetResult(connection), PGRES_COMMAND_OK);
    if (PQgetResult(connection) != nullptr) fail("more than one result of a statement");
  }
  expect(connection, PQgetResult(connection), PGRES_PIPELINE_SYNC);
}

void apply_window(PGconn* connection, const std::vector<PlainFile>& files) {
  if (PQenterPipelineMode(connection) != 1) fail(PQerrorMessage(connection));
  std::vector<std::size_t> sent;
  std::size_t answered = 0;
  for (const PlainFile& file : files) {
    const auto statements = statements_of(file);
    for (const std::string& sql : statements) {
      if (PQsendQueryParams(connection, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1)
        fail(PQerrorMessage(connection));
    }
    if (PQpipelineSync(connection) != 1) fail(PQerrorMessage(connection));
    sent.push_back(statements.size());
    if (sent.size() - answered >= kWindow) read_answers(connection, sent[answered++]);
  }
  while (answered < sent.size()) read_answers(connection, sent[answered++]);
}

Applied applied(PGconn* connection) {
  PGresult* result = PQexec(connection, "SELECT version, digest FROM limit_versions");
  if (PQresultStatus(result) != PGRES_TUPLES_OK) fail(PQerrorMessage(connection));
  Applied versions;
  for (int row = 0; row < PQntuples(result); ++row) {
    versions.emplace(PQgetvalue(result, row, 0), PQgetvalue(result, row, 1));
  }
  PQclear(result);
  return versions;
}

void apply(PGconn* connection, const Order& order) {
  run(connection, "CREATE TABLE limit_versions (version text PRIMARY KEY, digest text NOT NULL)");
  const auto files = read_files(order.folder);
  switch (order.job) {
    case Job::apply_window:
      return apply_window(connection, files);
    case Job::apply_all:
      return apply_all(connection, files);
    default:
      return apply_each(connection, files);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Order order = parse_order(argc, argv);
  PGconn* connection = PQconnectdb(order.target.c_str());
  if (PQstatus(connection) != CONNECTION_OK) fail(PQerrorMessage(connection));
  switch (order.job) {
    case Job::nothing_to_do:
      check_nothing_to_do(applied(connection), order.folder);
      break;
    case Job::status:
      print_status(applied(connection), order.folder);
      break;
    default:
      apply(connection, order);
  }
  PQfinish(connection);
}
