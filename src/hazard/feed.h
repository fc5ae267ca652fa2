// Migrations → parts → parsed statements, in the order in which they are judged; parsed ahead on a second thread where
// there are many.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "migration/migration.h"
#include "sql/tree.h"

namespace martlet {

enum class PartKind { up, contract, down };

/// One part of a migration, split.
struct PartText {
  const Migration* migration = nullptr;
  PartKind kind = PartKind::up;
  bool is_last = false;  // of its migration
  std::vector<Statement> statements;
  std::optional<Error> broken;     // why it could not be split
  bool takes_transaction = false;  // none of its statements refuses one
};

/// Some statements of a part, behind each other. A part comes in one or several pieces, also if it is empty.
struct Piece {
  std::shared_ptr<const PartText> part;
  std::size_t first = 0;  // index of the first statement
  Arena memory;
  std::vector<Tree> trees;
  bool is_first() const { return first == 0; }
  bool is_last() const { return first + trees.size() == part->statements.size(); }
};

struct FeedSettings {
  Dialect dialect = Dialect::postgres;
  bool other_parts = true;
  std::map<std::string, std::string> placeholders;
};

/// Calls `take` with every piece of the migrations, in order, on this thread. The migrations must outlive the call.
/// What `take` throws ends it and is thrown on.
void feed(std::span<const Migration* const> migrations, const FeedSettings& settings,
          const std::function<void(const Piece&)>& take);

}  // namespace martlet
