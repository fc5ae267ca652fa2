// Content digests.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// SHA-256 of the bytes, in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);
/// `count` random bytes in hexadecimal, from the system's generator.
std::string random_hex(std::size_t count);

}  // namespace martlet
