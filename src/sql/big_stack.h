// Room for deep recursion.
#pragma once

#include <cstddef>
#include <functional>

namespace martlet {

/// Runs `work` on a thread with `stack_bytes` of stack and waits for it; what it throws is thrown here. The stack costs
/// address space, not memory. Returns false, without having run it, where no such thread can be had.
[[nodiscard]] bool run_on_big_stack(std::size_t stack_bytes, const std::function<void()>& work);

}  // namespace martlet
