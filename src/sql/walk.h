// Goes through a tree of nodes without knowing their kinds.
#pragma once

#include <functional>

#include "sql/nodes.h"

namespace martlet {

/// Calls `visit` with every node below `node` that hangs directly from it: its children, not their children.
void each_child(const Node& node, const std::function<void(const Node&)>& visit);

}  // namespace martlet
