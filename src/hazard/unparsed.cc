#include "hazard/unparsed.h"

#include "migration/check.h"
#include "sql/characters.h"

namespace martlet {
namespace {

constexpr int kFirstBeyondGrammar = 160000;

}  // namespace

Unparsed unparsed(const Case& at) {
  if (at.node || !at.tree.analysed || at.tree.error.empty()) return Unparsed::no;
  if (at.catalog.server_version >= kFirstBeyondGrammar) return Unparsed::newer;
  return at.migration && allowance(*at.migration, "not-analysed") ? Unparsed::newer : Unparsed::wrong;
}

int stopped_at(const Case& at) {
  if (at.tree.error_position <= 0) return -1;
  const auto characters = static_cast<std::size_t>(at.tree.error_position - 1);
  return static_cast<int>(byte_offset(at.statement.text, characters));
}

}  // namespace martlet
