#include "base/seal.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"

namespace martlet {
namespace {

constexpr std::string_view kArgon = "argon2id13";
constexpr std::string_view kBlake = "blake2b";
constexpr unsigned long long kOperations = 4;
constexpr std::size_t kMemory = 32u << 20;
// A header that somebody changed must not make us work for hours.
constexpr unsigned long long kMostOperations = 64;
constexpr std::size_t kMostMemory = 1u << 30;
constexpr std::size_t kShortestKey = 32;
constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "martlet1";
constexpr unsigned long long kStreamKey = 1, kMacKey = 2, kCheckKey = 3;

// Chooses the implementation that this processor is fastest with; without it the slowest is taken.
void prepare_sodium() {
  static const int done = sodium_init();
  static_cast<void>(done);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

unsigned char tag_of(StreamSealer::Place place) {
  return place == StreamSealer::Place::last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                            : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}

}  // namespace

KeyDerivation KeyDerivation::fresh(SealSecret::Kind kind) {
  KeyDerivation how;
  how.salt.resize(crypto_pwhash_SALTBYTES);
  randombytes_buf(how.salt.data(), how.salt.size());
  how.algorithm = kind == SealSecret::Kind::passphrase ? kArgon : kBlake;
  if (kind == SealSecret::Kind::passphrase) how.operations = kOperations, how.memory = kMemory;
  return how;
}

SealSecret read_key_file(const std::string& path) {
  SealSecret secret{SealSecret::Kind::key_file, read_file(path)};
  struct stat about {};
  if (stat(path.c_str(), &about) == 0 && (about.st_mode & 077) != 0) {
    throw Error(ErrorKind::usage, fmt::format("the key file {} can be read by others", path))
        .next(fmt::format("chmod 600 {}", path));
  }
  if (secret.bytes.size() >= kShortestKey) return secret;
  throw Error(ErrorKind::usage,
              fmt::format("the key file {} has {} bytes, and a key needs {}", path, secret.bytes.size(), kShortestKey))
      .next(fmt::format("make one: (umask 077; head -c 32 /dev/urandom > {})", path));
}

SealKey SealKey::derive(const SealSecret& secret, const KeyDerivation& how) {
  prepare_sodium();
  SealKey key;
  const bool salted = how.salt.size() == crypto_pwhash_SALTBYTES;
  if (salted && how.algorithm == kBlake && secret.kind == SealSecret::Kind::key_file) {
    crypto_generichash_blake2b_salt_personal(key.key_.data(), key.key_.size(), bytes_of(secret.bytes),
                                             secret.bytes.size(), nullptr, 0, bytes_of(how.salt),
                                             bytes_of(std::string_view("martlet-backup-1")));
    return key;
  }
  const bool bearable = how.operations <= kMostOperations && how.memory <= kMostMemory;
  if (salted && bearable && how.algorithm == kArgon && secret.kind == SealSecret::Kind::passphrase) {
    const int failed = crypto_pwhash(key.key_.data(), key.key_.size(), secret.bytes.data(), secret.bytes.size(),
                                     bytes_of(how.salt), how.operations, how.memory, crypto_pwhash_ALG_ARGON2ID13);
    if (failed == 0) return key;
  }
  throw Error(ErrorKind::validation,
              fmt::format("a key cannot be made by \"{}\" of a {}", how.algorithm,
                          secret.kind == SealSecret::Kind::passphrase ? "passphrase" : "key file"));
}

SealKey::~SealKey() {
  sodium_memzero(key_.data(), key_.size());
}

std::array<unsigned char, 32> SealKey::sub_key(unsigned long long number) const {
  std::array<unsigned char, 32> made{};
  crypto_kdf_derive_from_key(made.data(), made.size(), number, kContext, key_.data());
  return made;
}

std::array<unsigned char, 32> SealKey::stream_key() const {
  return sub_key(kStreamKey);
}

std::string SealKey::check() const {
  const auto made = sub_key(kCheckKey);
  return to_hex({reinterpret_cast<const char*>(made.data()), 8});
}

std::string SealKey::mac(std::string_view bytes) const {
  const auto key = sub_key(kMacKey);
  std::string made(crypto_auth_BYTES, '\0');
  crypto_auth(bytes_of(made), bytes_of(bytes), bytes.size(), key.data());
  return made;
}

struct StreamSealer::State {
  crypto_secretstream_xchacha20poly1305_state stream;
};

StreamSealer::StreamSealer(const SealKey& key)
    : state_(std::make_unique<State>()), header_(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0') {
  static_assert(kOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);
  crypto_secretstream_xchacha20poly1305_init_push(&state_->stream, bytes_of(header_), key.stream_key().data());
}

StreamSealer::~StreamSealer() {
  sodium_memzero(&state_->stream, sizeof state_->stream);
}

std::string StreamSealer::seal(std::string_view message, std::string_view context, Place place) {
  std::string sealed(message.size() + kOverhead, '\0');
  crypto_secretstream_xchacha20poly1305_push(&state_->stream, bytes_of(sealed), nullptr, bytes_of(message),
                                             message.size(), bytes_of(context), context.size(), tag_of(place));
  return sealed;
}

struct StreamOpener::State {
  crypto_secretstream_xchacha20poly1305_state stream;
};

StreamOpener::StreamOpener(const SealKey& key, std::string_view header) : state_(std::make_unique<State>()) {
  const bool whole = header.size() == crypto_secretstream_xchacha20poly1305_HEADERBYTES;
  if (whole && crypto_secretstream_xchacha20poly1305_init_pull(&state_->stream, bytes_of(header),
                                                               key.stream_key().data()) == 0) {
    return;
  }
  throw Error(ErrorKind::validation, "the head of the encrypted stream is damaged");
}

StreamOpener::~StreamOpener() {
  sodium_memzero(&state_->stream, sizeof state_->stream);
}

std::string StreamOpener::open(std::string_view sealed, std::string_view context, StreamSealer::Place place) {
  if (sealed.size() >= StreamSealer::kOverhead) {
    std::string message(sealed.size() - StreamSealer::kOverhead, '\0');
    unsigned char tag = 0;
    const int failed =
        crypto_secretstream_xchacha20poly1305_pull(&state_->stream, bytes_of(message), nullptr, &tag, bytes_of(sealed),
                                                   sealed.size(), bytes_of(context), context.size());
    if (failed == 0 && tag == tag_of(place)) return message;
  }
  throw Error(ErrorKind::validation, "a part of the encrypted stream is damaged, missing or moved");
}

}  // namespace martlet
