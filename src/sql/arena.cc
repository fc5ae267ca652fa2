#include "sql/arena.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr std::size_t kAlignment = alignof(std::max_align_t);
constexpr std::size_t kFirstBlock = 16 << 10;
constexpr std::size_t kLargestBlock = 1 << 20;

}  // namespace

void* Arena::allocate(std::size_t bytes) {
  bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  while (current_ < blocks_.size() && used_ + bytes > blocks_[current_].size) {
    ++current_;
    used_ = 0;
  }
  if (current_ == blocks_.size()) {
    const std::size_t wanted = blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestBlock);
    const std::size_t size = std::max(wanted, bytes);
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  }
  void* piece = blocks_[current_].bytes.get() + used_;
  used_ += bytes;
  return piece;
}

void Arena::clear() {
  std::size_t kept = 0;
  std::size_t size = 0;
  while (kept < blocks_.size() && size + blocks_[kept].size <= kLargestBlock) size += blocks_[kept++].size;
  blocks_.resize(kept);
  current_ = used_ = 0;
}

}  // namespace martlet
