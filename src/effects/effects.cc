#include "effects/effects.h"

#include <algorithm>
#include <array>

namespace martlet {
namespace {

struct LockNames {
  std::string_view name, words;
};

constexpr std::array<LockNames, 8> kLockNames{{{"AccessShare", "ACCESS SHARE"},
                                               {"RowShare", "ROW SHARE"},
                                               {"RowExclusive", "ROW EXCLUSIVE"},
                                               {"ShareUpdateExclusive", "SHARE UPDATE EXCLUSIVE"},
                                               {"Share", "SHARE"},
                                               {"ShareRowExclusive", "SHARE ROW EXCLUSIVE"},
                                               {"Exclusive", "EXCLUSIVE"},
                                               {"AccessExclusive", "ACCESS EXCLUSIVE"}}};

}  // namespace

std::string_view lock_name(LockMode mode) {
  return kLockNames[static_cast<std::size_t>(mode)].name;
}
std::string_view lock_words(LockMode mode) {
  return kLockNames[static_cast<std::size_t>(mode)].words;
}
bool blocks_reads(LockMode mode) {
  return mode == LockMode::access_exclusive;
}
bool blocks_writes(LockMode mode) {
  return mode >= LockMode::share;
}

const RelationEffect* Effects::on(ObjectId relation) const {
  const auto at = std::ranges::find(relations, relation, &RelationEffect::id);
  return at == relations.end() ? nullptr : &*at;
}

bool Effects::rewrites() const {
  return std::ranges::any_of(relations, &RelationEffect::rewrite);
}

}  // namespace martlet
