// Keeping passwords out of everything that is shown or stored.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// The text with every password in it replaced by ***: `scheme://user:password@host`, `password=…` in a URL's query or
/// in a connection string, and SQL's PASSWORD '…' (also E'…', U&'…', $tag$…$tag$ and "IDENTIFIED BY '…'").
std::string mask_passwords(std::string_view text);

}  // namespace martlet
