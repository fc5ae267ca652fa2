// Ed25519: who signed these bytes, and were they changed since.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace martlet {

/// A secret key. It stands in a file of mode 0600 and is never shown.
class SigningKey {
 public:
  /// A new one, from the system's random generator.
  static SigningKey make();
  /// Throws Error{usage} where the file cannot be read, is no key, or can be read by others than its owner.
  static SigningKey read(const std::filesystem::path& path);
  /// Throws Error{usage} where the file exists: a key that was replaced could no longer be compared with.
  void write(const std::filesystem::path& path) const;

  /// 64 hexadecimal digits, for everybody.
  const std::string& public_key() const { return public_key_; }
  /// 128 hexadecimal digits.
  std::string sign(std::string_view text) const;

 private:
  explicit SigningKey(const std::string& seed);

  std::string seed_, secret_;  // bytes
  std::string public_key_;
};

/// True where `signature` was made of exactly this text with the secret half of `public_key`. False for anything that
/// is not a key or a signature.
bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature);

/// True for 64 hexadecimal digits.
bool is_public_key(std::string_view text);

}  // namespace martlet
