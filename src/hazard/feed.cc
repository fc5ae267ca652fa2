#include "hazard/feed.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "effects/transactional.h"
#include "migration/folder.h"

namespace martlet {
namespace {

constexpr std::size_t kPieceStatements = 32;
constexpr std::size_t kMostPieces = 4;           // that wait to be judged; each has its trees in memory
constexpr std::size_t kFewPieces = 1;            // at which parsing goes on: waking a thread for each costs more
constexpr std::size_t kWorthAThread = 32 << 10;  // bytes of SQL: a few milliseconds of parsing

using Emit = std::function<bool(Piece&&)>;  // false: nobody wants more

std::shared_ptr<PartText> split_part(const Migration& migration, const SourceText& source, PartKind kind,
                                     const FeedSettings& settings) {
  auto part = std::make_shared<PartText>(PartText{.migration = &migration, .kind = kind});
  try {
    part->statements = split(fill_placeholders(source, settings.placeholders), settings.dialect);
  } catch (const Error& error) {
    part->broken = error;
  }
  const bool commits_batches = source.text.find("-- martlet:batch") != std::string::npos;
  part->takes_transaction = !commits_batches && std::ranges::all_of(part->statements, [&](const Statement& each) {
    return transactionality(each, settings.dialect).transactional();
  });
  return part;
}

bool emit_part(std::shared_ptr<const PartText> part, Dialect dialect, const Emit& emit) {
  const std::vector<Statement>& statements = part->statements;
  std::size_t first = 0;
  do {
    const std::size_t end = std::min(first + kPieceStatements, statements.size());
    Piece piece{.part = part, .first = first, .memory = {}, .trees = {}};
    piece.trees.reserve(end - first);
    for (std::size_t i = first; i < end; ++i) {
      piece.trees.push_back(dialect == Dialect::postgres ? parse_tree(statements[i], piece.memory) : Tree());
    }
    if (!emit(std::move(piece))) return false;
    first = end;
  } while (first < statements.size());
  return true;
}

bool emit_migration(const Migration& migration, const FeedSettings& settings, const Emit& emit) {
  std::vector<std::shared_ptr<PartText>> parts{split_part(migration, migration.up, PartKind::up, settings)};
  for (const auto& [source, kind] :
       {std::pair{&migration.contract, PartKind::contract}, {&migration.down, PartKind::down}}) {
    if (*source && settings.other_parts) parts.push_back(split_part(migration, **source, kind, settings));
  }
  parts.back()->is_last = true;
  return std::ranges::all_of(parts, [&](auto& part) { return emit_part(std::move(part), settings.dialect, emit); });
}

// Pieces between the thread that parses and the one that judges.
class Queue {
 public:
  /// Waits while too many wait; false once nobody takes them any more.
  bool put(Piece&& piece) {
    std::unique_lock lock(mutex_);
    if (pieces_.size() >= kMostPieces) changed_.wait(lock, [&] { return pieces_.size() <= kFewPieces || closed_; });
    if (closed_) return false;
    pieces_.push_back(std::move(piece));
    if (pieces_.size() == 1) changed_.notify_all();
    return true;
  }
  /// Nothing more is put.
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  /// Nothing more is taken.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    pieces_.clear();
    changed_.notify_all();
  }
  std::optional<Piece> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !pieces_.empty() || finished_; });
    if (pieces_.empty()) return std::nullopt;
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    if (pieces_.size() == kFewPieces) changed_.notify_all();
    return piece;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
  bool finished_ = false, closed_ = false;
};

void feed_from_thread(std::span<const Migration* const> migrations, const FeedSettings& settings,
                      const std::function<void(const Piece&)>& take) {
  Queue queue;
  std::exception_ptr failure;
  std::thread parser([&] {
    try {
      const Emit emit = [&](Piece&& piece) { return queue.put(std::move(piece)); };
      for (const Migration* each : migrations) {
        if (!emit_migration(*each, settings, emit)) break;
      }
    } catch (...) {
      failure = std::current_exception();
    }
    queue.finish();
  });
  try {
    while (const auto piece = queue.take()) take(*piece);
  } catch (...) {
    queue.close();
    parser.join();
    throw;
  }
  parser.join();
  if (failure) std::rethrow_exception(failure);
}

bool is_worth_a_thread(std::span<const Migration* const> migrations, Dialect dialect) {
  if (dialect == Dialect::sqlite) return false;
  std::size_t bytes = 0;
  for (const Migration* each : migrations) bytes += each->up.text.size();
  return bytes >= kWorthAThread;
}

}  // namespace

void feed(std::span<const Migration* const> migrations, const FeedSettings& settings,
          const std::function<void(const Piece&)>& take) {
  if (is_worth_a_thread(migrations, settings.dialect)) return feed_from_thread(migrations, settings, take);
  for (const Migration* each : migrations) {
    emit_migration(*each, settings, [&](Piece&& piece) {
      take(piece);
      return true;
    });
  }
}

}  // namespace martlet
