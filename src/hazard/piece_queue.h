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
  /// Of what give_back() has brought, as long as there is any: fresh memory costs a page fault every 4 kB.
  Arena memory() override;
  /// Nothing more is put.
  void finish();

  /// Waits for the next one; nothing once there will be no more.
  std::optional<Piece> take();
  /// One that was judged. It ends on the thread that has made it: that one is ahead, and malloc is slow with what
  /// another thread has allocated.
  void give_back(Piece&& piece);
  /// Nothing more is taken.
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;  // of SQL, in pieces_
  std::vector<Piece> judged_;
  bool finished_ = false, closed_ = false;
};

}  // namespace martlet
