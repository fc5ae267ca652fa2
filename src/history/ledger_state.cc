#include <array>
#include <utility>

#include "history/ledger.h"

namespace martlet {
namespace {

constexpr std::array kStates{
    std::pair{LedgerState::applied, std::string_view("applied")},
    std::pair{LedgerState::failed, std::string_view("failed")},
    std::pair{LedgerState::reverted, std::string_view("reverted")},
    std::pair{LedgerState::running, std::string_view("running")},
    std::pair{LedgerState::stamped, std::string_view("stamped")},
    std::pair{LedgerState::baseline, std::string_view("baseline")},
    std::pair{LedgerState::retired, std::string_view("retired")},
};

}  // namespace

std::string_view state_name(LedgerState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return "unknown";
}

LedgerState state_from(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  throw Error(ErrorKind::validation, "the ledger holds a state that this martlet does not know: " + std::string(name))
      .next("run the martlet version that wrote it, or a later one");
}

bool LedgerRow::counts_as_applied() const {
  return state == LedgerState::applied || state == LedgerState::stamped || state == LedgerState::baseline ||
         state == LedgerState::retired;
}

}  // namespace martlet
