// Memory that is given back all at once.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace martlet {

/// Hands out pieces of large blocks. Not for use from two threads at once.
class Arena {
 public:
  /// Aligned for every type. Throws std::bad_alloc.
  void* allocate(std::size_t bytes);
  /// What was handed out is gone; up to a megabyte of it is kept for the next round.
  void clear();

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;  // block in use
  std::size_t used_ = 0;     // bytes of it
};

}  // namespace martlet
