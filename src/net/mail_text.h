// A mail as it goes over the wire (RFC 5322, RFC 2047).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "net/smtp.h"

namespace martlet {

/// Header and body with CRLF at the end of each line, the body in base64: any text, no line too long. `id` makes its
/// Message-ID.
std::string mail_text(const Mail& mail, std::string_view id, std::chrono::system_clock::time_point now);

}  // namespace martlet
