// Between the thread that parses and the one that judges.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "hazard/feed.h"

namespace martlet {

/// Where pieces go, and where the memory for their trees comes from.
class PieceTaker {
 public:
  virtual ~PieceTaker() = default;
  /// False: nobody wants more.
  virtual bool put(Piece&& piece) = 0;
  virtual Arena memory() = 0;
};

/// Holds a bounded amount of parsed SQL. One thread puts, another one takes.
class PieceQueue : public PieceTaker {
 public:
  /// Waits while much waits to be taken; false once nothing is taken any more.
  bool put(Piece&& piece) override;
  /// What give_back() has brought, as long as there is any: fresh memory costs a page fault every 4 kB.
  Arena memory() override;
  /// Nothing more is put.
  void finish();

  /// Waits for the next one; nothing once there will be no more.
  std::optional<Piece> take();
  /// The memory of a piece that was judged.
  void give_back(Arena&& memory);
  /// Nothing more is taken.
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;  // of SQL, in pieces_
  std::vector<Arena> spare_;
  bool finished_ = false, closed_ = false;
};

}  // namespace martlet
