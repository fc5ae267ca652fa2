// Encrypting and authenticating streams with a secret of the user's: libsodium's secretstream (XChaCha20-Poly1305).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace martlet {

/// What the user keeps: the text of a passphrase, or the content of a key file.
struct SealSecret {
  enum class Kind { passphrase, key_file } kind = Kind::passphrase;
  std::string bytes;
};

/// How a key was made of the secret: stored beside what is sealed, nothing in it is secret.
struct KeyDerivation {
  std::string algorithm;  // "argon2id13" for a passphrase, "blake2b" for a key file
  std::string salt;       // 16 bytes
  unsigned long long operations = 0;
  std::size_t memory = 0;  // bytes

  /// With a new salt, and the cost that is the default today (4 passes over 32 MiB).
  static KeyDerivation fresh(SealSecret::Kind kind);
};

/// Reads a key file: at least 32 bytes, readable by its owner only. Throws Error{usage} saying what is wrong with it.
SealSecret read_key_file(const std::string& path);

class SealKey {
 public:
  /// Throws Error{validation} for an algorithm or a cost that this version does not know.
  static SealKey derive(const SealSecret& secret, const KeyDerivation& how);
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;
  ~SealKey();

  /// Tells a wrong key from damaged data, and nothing about the key: 16 hexadecimal digits.
  std::string check() const;
  /// 32 bytes that only who has the key can make of these.
  std::string mac(std::string_view bytes) const;
  /// The key of the stream itself, of 32 bytes.
  std::array<unsigned char, 32> stream_key() const;

 private:
  SealKey() = default;
  std::array<unsigned char, 32> sub_key(unsigned long long number) const;
  std::array<unsigned char, 32> key_{};
};

/// Seals messages in their order: none can be changed, left out, repeated or moved, nor the last one be cut off.
class StreamSealer {
 public:
  enum class Place { inner, last };
  static constexpr std::size_t kOverhead = 17;  // bytes that a message grows by

  explicit StreamSealer(const SealKey& key);
  ~StreamSealer();
  /// What StreamOpener needs beside the key: 24 bytes.
  const std::string& header() const { return header_; }
  /// `context` is authenticated with the message and not stored.
  std::string seal(std::string_view message, std::string_view context, Place place);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string header_;
};

class StreamOpener {
 public:
  /// Throws Error{validation} for a header that is none.
  StreamOpener(const SealKey& key, std::string_view header);
  ~StreamOpener();
  /// The message; throws Error{validation} where it is not the one that was sealed at this place of the stream.
  std::string open(std::string_view sealed, std::string_view context, StreamSealer::Place place);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace martlet
