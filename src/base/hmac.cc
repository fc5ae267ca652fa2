#include "base/hmac.h"

#include "base/digest.h"

namespace martlet {
namespace {

constexpr std::size_t kBlock = 64;  // bytes that SHA-256 takes at once

std::string digest(std::string_view first, std::string_view second) {
  Sha256 sha;
  sha.update(first);
  sha.update(second);
  return sha.bytes();
}

std::string masked(std::string key, char mask) {
  for (char& c : key) c = static_cast<char>(c ^ mask);
  return key;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string block = key.size() > kBlock ? digest(key, "") : std::string(key);
  block.resize(kBlock, '\0');
  return digest(masked(block, 0x5c), digest(masked(block, 0x36), message));
}

}  // namespace martlet
