// The log file of `[log] file`: every event and every error, secrets masked.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/events.h"

namespace martlet::log {

/// Appends to this file from now on, made with mode 0600 (and set to it, if it was there). Throws Error{usage} where it
/// cannot be written.
void open(const std::string& path);
/// One line; nothing where no log was opened. Never throws: a full disk must not stop a migration.
void info(std::string_view text) noexcept;
void error(const Error& error) noexcept;
/// Writes each event of a run.
void subscribe(Events& events);

}  // namespace martlet::log
