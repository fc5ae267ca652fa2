// A parse tree that outlives the parser's memory.
#pragma once

#include "sql/arena.h"

struct PgQuery__ParseResult;

namespace martlet {

/// The tree with everything it points to, in `memory`: as it would come out of packing and unpacking. Recurses as deep
/// as the tree is. Throws std::bad_alloc.
const PgQuery__ParseResult* copy_tree(const PgQuery__ParseResult& tree, Arena& memory);

}  // namespace martlet
