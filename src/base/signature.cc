#include "base/signature.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <array>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace martlet {
namespace {

// The file says what it is, so that nobody takes another secret for it.
constexpr std::string_view kHead = "martlet-signing-key-1 ";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string to_hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
  text.pop_back();
  return text;
}

// Exactly `size` bytes, or nothing.
std::optional<std::string> from_hex(std::string_view hex, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  if (hex.size() != size * 2) return std::nullopt;
  if (sodium_hex2bin(bytes_of(bytes), size, hex.data(), hex.size(), nullptr, &filled, nullptr) != 0)
    return std::nullopt;
  return filled == size ? std::optional(bytes) : std::nullopt;
}

void refuse_readable_by_others(const std::filesystem::path& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0 || (about.st_mode & 077) == 0) return;
  throw Error(ErrorKind::usage, fmt::format("{} holds a secret key, and others may read it", path.string()))
      .next(fmt::format("chmod 600 {}", path.string()));
}

}  // namespace

SigningKey::SigningKey(const std::string& seed) : seed_(seed), secret_(crypto_sign_SECRETKEYBYTES, '\0') {
  std::string key(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_seed_keypair(bytes_of(key), bytes_of(secret_), bytes_of(seed_));
  public_key_ = to_hex(key);
}

SigningKey SigningKey::make() {
  std::string seed(crypto_sign_SEEDBYTES, '\0');
  randombytes_buf(seed.data(), seed.size());
  return SigningKey(seed);
}

SigningKey SigningKey::read(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  refuse_readable_by_others(path);
  const std::string_view line = trim(text);
  const auto seed = line.starts_with(kHead) ? from_hex(line.substr(kHead.size()), crypto_sign_SEEDBYTES) : std::nullopt;
  if (seed) return SigningKey(*seed);
  throw Error(ErrorKind::usage, fmt::format("{} is not a signing key of martlet", path.string()))
      .next(fmt::format("make one with `martlet audit key FILE`"));
}

void SigningKey::write(const std::filesystem::path& path) const {
  if (std::filesystem::exists(path)) {
    throw Error(ErrorKind::usage, fmt::format("{} exists already", path.string()))
        .leaves("it was not touched")
        .next("choose another name: what was signed with the old key must stay comparable");
  }
  write_file(path, fmt::format("{}{}\n", kHead, to_hex(seed_)), FileMode::secret);
}

std::string SigningKey::sign(std::string_view text) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(text), text.size(), bytes_of(secret_));
  return to_hex(signature);
}

bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature) {
  const auto key = from_hex(public_key, crypto_sign_PUBLICKEYBYTES);
  const auto bytes = from_hex(signature, crypto_sign_BYTES);
  if (!key || !bytes) return false;
  return crypto_sign_verify_detached(bytes_of(*bytes), bytes_of(text), text.size(), bytes_of(*key)) == 0;
}

bool is_public_key(std::string_view text) {
  return from_hex(text, crypto_sign_PUBLICKEYBYTES).has_value();
}

}  // namespace martlet
