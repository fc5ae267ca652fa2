// Offsets in characters ↔ offsets in bytes of UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace martlet {

/// Byte offset of the character with index `characters` (from 0); the size of the text where it is shorter.
inline std::size_t byte_offset(std::string_view text, std::size_t characters) {
  std::size_t offset = 0;
  for (; offset < text.size(); ++offset) {
    bool starts_character = (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
    if (starts_character && characters-- == 0) break;
  }
  return offset;
}

}  // namespace martlet
