// Names in the flyway layout: V001__description.sql and its relatives, and callbacks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace martlet::flyway {

struct Name {
  char prefix;              // 'V', 'B', 'U' or 'R'
  std::string version;      // "001", "1.2", "001_1"; "" for R
  std::string description;  // "add_user_roles"
};

/// Takes a stem ("V001__add_user_roles") apart; nullopt where it is no such name.
std::optional<Name> parse(std::string_view stem);

/// What was probably meant by a stem that parse() refuses, as a file name; nullopt where nothing comes near.
std::optional<std::string> probably_meant(std::string_view stem);

/// The callbacks that martlet runs.
const std::vector<std::string>& callback_events();
/// "beforeMigrate" of "beforeMigrate" or "beforeMigrate__note"; nullopt where it is no known callback.
std::optional<std::string> callback_event(std::string_view stem);
/// True where a name begins as callbacks do.
bool looks_like_callback(std::string_view stem);

}  // namespace martlet::flyway
