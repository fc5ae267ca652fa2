// Times as martlet's tables give them and as people and programs read them: ISO 8601, UTC, milliseconds.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace martlet {

/// "2026-03-01T09:30:12.123Z".
std::string iso_from_ms(long long ms_since_1970);

/// The same for PostgreSQL's extract(epoch FROM …), as in "1772357412.123456"; what is finer than milliseconds is cut.
std::string iso_from_epoch(std::string_view seconds_since_1970);

/// The time that is so much later than one of iso_from_ms().
std::string iso_later(const std::string& iso, std::chrono::milliseconds by);

}  // namespace martlet
