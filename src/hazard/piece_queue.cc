#include "hazard/piece_queue.h"

#include <utility>

namespace martlet {
namespace {

// In bytes of SQL; a tree takes twenty times as much.
constexpr std::size_t kMostBytes = 32 << 10;  // that wait to be judged
constexpr std::size_t kFewBytes = 8 << 10;    // at which parsing goes on: waking a thread for each file costs more

// With a little for the piece itself, so that empty files do not come without end.
std::size_t bytes_of(const Piece& piece) {
  std::size_t bytes = 64;
  for (std::size_t i = 0; i < piece.trees.size(); ++i) bytes += piece.part->statements[piece.first + i].text.size();
  return bytes;
}

}  // namespace

bool PieceQueue::put(Piece&& piece) {
  std::unique_lock lock(mutex_);
  if (bytes_ >= kMostBytes) changed_.wait(lock, [&] { return bytes_ <= kFewBytes || closed_; });
  if (closed_) return false;
  bytes_ += bytes_of(piece);
  pieces_.push_back(std::move(piece));
  if (pieces_.size() == 1) changed_.notify_all();
  return true;
}

Arena PieceQueue::memory() {
  std::optional<Piece> judged;
  {
    const std::lock_guard lock(mutex_);
    if (judged_.empty()) return {};
    judged = std::move(judged_.back());
    judged_.pop_back();
  }
  judged->memory.clear();
  return std::move(judged->memory);
}

void PieceQueue::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

std::optional<Piece> PieceQueue::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !pieces_.empty() || finished_; });
  if (pieces_.empty()) return std::nullopt;
  Piece piece = std::move(pieces_.front());
  pieces_.pop_front();
  const bool were_enough = bytes_ > kFewBytes;
  bytes_ -= bytes_of(piece);
  if (were_enough && bytes_ <= kFewBytes) changed_.notify_all();
  return piece;
}

void PieceQueue::give_back(Piece&& piece) {
  const std::lock_guard lock(mutex_);
  judged_.push_back(std::move(piece));
}

void PieceQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  pieces_.clear();
  changed_.notify_all();
}

}  // namespace martlet
