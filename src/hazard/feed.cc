#include "hazard/feed.h"

#include <algorithm>
#include <thread>

#include "effects/transactional.h"
#include "hazard/piece_queue.h"
#include "migration/folder.h"

namespace martlet {
namespace {

constexpr std::size_t kPieceStatements = 32;
constexpr std::size_t kPieceBytes = 8 << 10;     // of SQL
constexpr std::size_t kWorthAThread = 32 << 10;  // bytes of SQL: a few milliseconds of parsing

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

std::size_t piece_end(const std::vector<Statement>& statements, std::size_t first) {
  std::size_t end = first;
  for (std::size_t bytes = 0; end < statements.size() && end - first < kPieceStatements && bytes < kPieceBytes; ++end) {
    bytes += statements[end].text.size();
  }
  return end;
}

bool emit_part(std::shared_ptr<const PartText> part, Dialect dialect, PieceTaker& taker) {
  const std::vector<Statement>& statements = part->statements;
  std::size_t first = 0;
  do {
    const std::size_t end = piece_end(statements, first);
    Piece piece{.part = part, .first = first, .memory = taker.memory(), .trees = {}};
    piece.trees.reserve(end - first);
    for (std::size_t i = first; i < end; ++i) {
      piece.trees.push_back(dialect == Dialect::postgres ? parse_tree(statements[i], piece.memory) : Tree());
    }
    if (!taker.put(std::move(piece))) return false;
    first = end;
  } while (first < statements.size());
  return true;
}

bool emit_migration(const Migration& migration, const FeedSettings& settings, PieceTaker& taker) {
  std::vector<std::shared_ptr<PartText>> parts{split_part(migration, migration.up, PartKind::up, settings)};
  for (const auto& [source, kind] :
       {std::pair{&migration.contract, PartKind::contract}, {&migration.down, PartKind::down}}) {
    if (*source && settings.other_parts) parts.push_back(split_part(migration, **source, kind, settings));
  }
  parts.back()->is_last = true;
  return std::ranges::all_of(parts, [&](auto& part) { return emit_part(std::move(part), settings.dialect, taker); });
}

// Each piece is judged before the next one is parsed.
class Direct : public PieceTaker {
 public:
  explicit Direct(const std::function<void(const Piece&)>& take) : take_(take) {}
  bool put(Piece&& piece) override {
    take_(piece);
    memory_ = std::move(piece.memory);
    memory_.clear();
    return true;
  }
  Arena memory() override { return std::exchange(memory_, {}); }

 private:
  const std::function<void(const Piece&)>& take_;
  Arena memory_;
};

void feed_from_thread(std::span<const Migration* const> migrations, const FeedSettings& settings,
                      const std::function<void(const Piece&)>& take) {
  PieceQueue queue;
  std::exception_ptr failure;
  std::thread parser([&] {
    try {
      for (const Migration* each : migrations) {
        if (!emit_migration(*each, settings, queue)) break;
      }
    } catch (...) {
      failure = std::current_exception();
    }
    queue.finish();
  });
  try {
    while (auto piece = queue.take()) {
      take(*piece);
      queue.give_back(std::move(*piece));
    }
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
  Direct direct(take);
  for (const Migration* each : migrations) emit_migration(*each, settings, direct);
}

}  // namespace martlet
