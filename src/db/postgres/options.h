// What a PostgreSQL URL says, as libpq reads it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "db/connection.h"

namespace martlet::postgres {

/// The options written in the URL, by libpq's keywords. Throws Error{usage} with libpq's reason, without any password.
std::map<std::string, std::string> url_options(std::string_view url);

/// Where a connection would go, with PG* variables, service files and defaults applied. Contacts no server.
struct Destination {
  std::string host, port, user, database;
  /// `host:port`, or `the socket folder /run/postgresql (port 5432)`.
  std::string server() const;
};
Destination destination(const Url& url);

/// The URL's text with another database in it.
std::string with_database(const Url& url, std::string_view name);

/// Which of our session settings are still worth trying in the startup packet.
enum class Startup { all, no_connection_check, no_options };

/// Keywords and values for PQconnectStartParams (expand_dbname): the URL first, so that ours win.
std::map<std::string, std::string> connection_parameters(const Url& url, const OpenOptions& options, Startup startup);

}  // namespace martlet::postgres
