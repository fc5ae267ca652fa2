#include "sql/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace martlet {
namespace {

TEST(Arena, PiecesAreAlignedAndDoNotOverlap) {
  Arena arena;
  std::vector<std::pair<char*, std::size_t>> pieces;
  for (std::size_t size = 1; size < 200'000; size = size * 3 + 1) {
    auto* piece = static_cast<char*>(arena.allocate(size));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(piece) % alignof(std::max_align_t), 0U);
    std::memset(piece, static_cast<int>(pieces.size()), size);
    pieces.emplace_back(piece, size);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i].first[0], static_cast<char>(i));
    EXPECT_EQ(pieces[i].first[pieces[i].second - 1], static_cast<char>(i));
  }
}

TEST(Arena, UsesItsMemoryAgainAfterClear) {
  Arena arena;
  void* first = arena.allocate(100);
  static_cast<void>(arena.allocate(10 << 20));
  arena.clear();
  EXPECT_EQ(arena.allocate(100), first);
}

}  // namespace
}  // namespace martlet
