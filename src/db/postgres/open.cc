#include "db/postgres/open.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <chrono>

#include "base/cancel.h"
#include "base/duration.h"
#include "base/text.h"
#include "db/postgres/connection.h"
#include "db/postgres/options.h"

namespace martlet::postgres {
namespace {

using Clock = std::chrono::steady_clock;

PgHandle start(const Url& url, const std::map<std::string, std::string>& parameters) {
  std::vector<const char*> keywords{"dbname"};
  std::vector<const char*> values{url.text().c_str()};
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PgHandle(PQconnectStartParams(keywords.data(), values.data(), 1));
}

enum class Progress { connected, failed, timed_out };

Progress finish(PGconn* connection, Clock::time_point deadline) {
  if (PQstatus(connection) == CONNECTION_BAD) return Progress::failed;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) return Progress::failed;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Progress::timed_out;
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    std::array<pollfd, 2> waits{pollfd{PQsocket(connection), events, 0}, pollfd{cancel::descriptor(), POLLIN, 0}};
    poll(waits.data(), waits.size(), static_cast<int>(left));
    cancel::check();
    if (waits[0].revents) status = PQconnectPoll(connection);
  }
  return Progress::connected;
}

// libpq begins with where it went ("connection to server at … failed: "), which the error says in its own words.
std::string reason_of(std::string_view message, std::string& explanation) {
  message = trim(message);
  const auto prefix = message.find(" failed: ");
  const bool one_server =
      message.starts_with("connection to server") && message.find("connection to server", 1) == std::string_view::npos;
  if (one_server && prefix != std::string_view::npos) message.remove_prefix(prefix + 9);
  for (const std::string_view severity : {"FATAL:", "ERROR:"}) {
    if (message.starts_with(severity)) message = trim(message.substr(severity.size()));
  }
  const std::vector<std::string> lines = split_list(message, '\n');
  explanation = join({lines.begin() + (lines.empty() ? 0 : 1), lines.end()}, "\n");
  return lines.empty() ? "no reason given" : lines.front();
}

struct Advice {
  std::string_view sign;  // in libpq's or the server's message
  std::string_view next;
};

// Connection failures carry no SQLSTATE in libpq, so the text must do; a translated message gets the general advice.
constexpr std::array kAdvice{
    Advice{"password authentication failed", "check the user and the password in the URL, PGPASSWORD or ~/.pgpass"},
    Advice{"no password supplied", "give the password in the URL, PGPASSWORD or ~/.pgpass"},
    Advice{"does not exist",
           "create it with `martlet db create` or `martlet up --create`, or correct the name in the URL"},
    Advice{"no pg_hba.conf entry",
           "the server's pg_hba.conf must allow this user, database and address (and TLS: sslmode)"},
    Advice{"too many c", "free connections on the server, or raise max_connections"},
    Advice{"remaining connection slots", "free connections on the server, or raise max_connections"},
    Advice{"is starting up", "wait until the server is ready: `martlet wait`"},
    Advice{"is shutting down", "wait until the server is back: `martlet wait`"},
    Advice{"not accepting", "wait until the server is ready: `martlet wait`"},
    Advice{"could not translate host name", "check the host name in the URL"},
    Advice{"SSL", "check sslmode, sslrootcert and the server's certificate"},
    Advice{"certificate", "check sslmode, sslrootcert and the server's certificate"},
    Advice{"definition of service", "check the service file (PGSERVICEFILE, ~/.pg_service.conf)"},
    Advice{"Connection refused", "check host and port, and that the server runs: `martlet wait` waits for it"},
    Advice{"No such file", "check host and port, and that the server runs: `martlet wait` waits for it"},
};

std::string next_step(std::string_view message) {
  const bool role =
      message.find("role \"") != std::string_view::npos && message.find("does not exist") != std::string_view::npos;
  if (role) return "create the role on the server, or correct the user in the URL";
  for (const Advice& advice : kAdvice) {
    if (message.find(advice.sign) != std::string_view::npos) return std::string(advice.next);
  }
  return "check the URL with `martlet config`, and that the server accepts connections";
}

Error cannot_connect(const Url& url, std::string_view message) {
  const Destination to = destination(url);
  std::string explanation;
  const std::string reason = reason_of(message, explanation);
  return Error(ErrorKind::connection, fmt::format("cannot connect to database \"{}\" as user \"{}\" on {}: {}",
                                                  to.database, to.user, to.server(), reason))
      .with_detail(explanation)
      .next(next_step(message));
}

bool names_a_setting(std::string_view message, const OpenOptions& options) {
  for (const auto& [name, value] : options.settings) {
    if (message.find("\"" + name + "\"") != std::string_view::npos) return true;
  }
  return false;
}

std::chrono::milliseconds timeout_of(const Url& url, const OpenOptions& options) {
  const auto given = url_options(url.text());
  const auto found = given.find("connect_timeout");
  const int seconds = found == given.end() ? 0 : std::atoi(found->second.c_str());
  return seconds > 0 ? std::chrono::seconds(seconds) : options.connect_timeout;
}

}  // namespace

std::unique_ptr<Connection> open(const Url& url, const OpenOptions& options) {
  cancel::check();
  const auto timeout = timeout_of(url, options);
  const auto deadline = Clock::now() + timeout;
  std::optional<bool> pooled;
  for (Startup startup = Startup::all;;) {
    PgHandle connection = start(url, connection_parameters(url, options, startup));
    if (!connection) throw Error(ErrorKind::connection, "out of memory");
    const Progress progress = finish(connection.get(), deadline);
    if (progress == Progress::connected) return std::make_unique<PgConnection>(std::move(connection), pooled);
    if (progress == Progress::timed_out) {
      throw cannot_connect(url, fmt::format("no answer within {}", show_duration(timeout)))
          .next("check host, port and firewall; `?connect_timeout=SECONDS` in the URL allows more time");
    }
    const std::string message = PQerrorMessage(connection.get());
    const bool by_pooler = message.find("startup parameter") != std::string::npos;
    if (startup == Startup::all && message.find("client_connection_check_interval") != std::string::npos &&
        !by_pooler) {
      startup = Startup::no_connection_check;  // PostgreSQL 13, or a platform that cannot watch sockets
    } else if (startup != Startup::no_options && by_pooler) {
      startup = Startup::no_options;
      pooled = true;
    } else if (names_a_setting(message, options)) {
      throw cannot_connect(url, message).next("correct the session settings in the configuration");
    } else {
      throw cannot_connect(url, message);
    }
  }
}

std::unique_ptr<Connection> open_maintenance(const Url& url, const OpenOptions& options) {
  try {
    return open(url.with_database("postgres"), options);
  } catch (const Error& error) {
    if (error.message.find("\"postgres\" does not exist") == std::string::npos) throw;
    return open(url.with_database("template1"), options);
  }
}

}  // namespace martlet::postgres
