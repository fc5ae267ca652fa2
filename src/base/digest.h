// Content digests.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace martlet {

/// SHA-256 of the bytes, in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of bytes that come piece by piece. A copy goes on from where it was made.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// The digest of what came so far, as 32 bytes; more may follow.
  std::string bytes() const;
  /// The same in lower-case hexadecimal.
  std::string hex() const;

 private:
  alignas(8) std::array<unsigned char, 128> state_;
};

/// Lower-case hexadecimal, and back. from_hex() gives "" for what is none.
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view text);

/// `count` random bytes in hexadecimal, from the system's generator.
std::string random_hex(std::size_t count);

}  // namespace martlet
