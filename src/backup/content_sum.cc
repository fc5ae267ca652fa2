#include "backup/content_sum.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>
#include <cstring>

#include "base/digest.h"

namespace martlet {
namespace {

constexpr std::string_view kEndMark = "\\.";

void add_hash(ContentSum& sum, XXH128_hash_t hash) {
  ++sum.rows;
  sum.first += hash.low64;
  sum.second += hash.high64;
}

bool parse_hex(std::string_view text, std::uint64_t& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return failure == std::errc() && end == text.data() + text.size();
}

}  // namespace

void ContentSum::add(std::string_view row, std::uint64_t seed) {
  add_hash(*this, XXH3_128bits_withSeed(row.data(), row.size(), seed));
}

std::string ContentSum::text() const {
  return fmt::format("{:016x}{:016x}", first, second);
}

bool ContentSum::parse(std::string_view text) {
  return text.size() == 32 && parse_hex(text.substr(0, 16), first) && parse_hex(text.substr(16), second);
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  parse_hex(random_hex(sizeof seed), seed);
  return seed;
}

struct PieceHash::State {
  XXH3_state_t hash;
};

PieceHash::PieceHash(std::uint64_t seed) : seed_(seed), state_(std::make_unique<State>()) {
  XXH3_128bits_reset_withSeed(&state_->hash, seed_);
}

PieceHash::~PieceHash() = default;

void PieceHash::add(std::string_view piece) {
  XXH3_128bits_update(&state_->hash, piece.data(), piece.size());
}

void PieceHash::finish(ContentSum& into) {
  add_hash(into, XXH3_128bits_digest(&state_->hash));
  XXH3_128bits_reset_withSeed(&state_->hash, seed_);
}

void CopyRows::line(std::string_view line) {
  if (line == kEndMark) {
    ended_ = true;
  } else {
    sum_.add(line, seed_);
  }
}

void CopyRows::add(std::string_view piece) {
  while (!piece.empty() && !ended_) {
    const void* found = std::memchr(piece.data(), '\n', piece.size());
    const std::size_t end =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - piece.data()) : piece.size();
    if (found && !in_cut_) {
      line(piece.substr(0, end));
    } else {
      in_cut_ = true;
      if (beginning_.size() <= kEndMark.size()) beginning_.append(piece.substr(0, std::min(end, kEndMark.size() + 1)));
      cut_.add(piece.substr(0, end));
      if (found) {
        ended_ = beginning_ == kEndMark;
        if (!ended_) cut_.finish(sum_);
        beginning_.clear();
        in_cut_ = false;
      }
    }
    piece.remove_prefix(found ? end + 1 : end);
  }
}

ContentSum CopyRows::finish() {
  if (in_cut_ && !ended_) cut_.finish(sum_);  // a last line without its end
  in_cut_ = false;
  return sum_;
}

}  // namespace martlet
