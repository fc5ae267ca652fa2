// Errors as values, for expectations about their parts.
#pragma once

#include <stdexcept>

#include "base/error.h"

namespace martlet::testing {

/// The E that `action` throws. Anything else fails the test by itself: another exception is passed on, and without one
/// this throws std::runtime_error.
template <class E = Error, class Action>
E error_of(Action&& action) {
  try {
    action();
  } catch (const E& error) {
    return error;
  }
  throw std::runtime_error("expected an error, but there was none");
}

}  // namespace martlet::testing
