// Bytes as letters.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// The standard alphabet, padded, in one line.
std::string to_base64(std::string_view bytes);

}  // namespace martlet
