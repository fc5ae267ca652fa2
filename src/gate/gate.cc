#include "gate/gate.h"

#include <array>

namespace martlet {

std::string_view gate_word(GateState state) {
  constexpr std::array<std::string_view, 3> kWords{"passed", "failed", "inconclusive"};
  return kWords[static_cast<std::size_t>(state)];
}

std::string_view moment_words(GateMoment moment) {
  constexpr std::array<std::string_view, 3> kWords{"before the run", "during the run", "after the run"};
  return kWords[static_cast<std::size_t>(moment)];
}

std::string_view action_word(GateAction action) {
  constexpr std::array<std::string_view, 3> kWords{"pause", "abort", "rollback"};
  return kWords[static_cast<std::size_t>(action)];
}

}  // namespace martlet
