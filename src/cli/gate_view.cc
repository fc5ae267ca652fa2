#include "cli/gate_view.h"

namespace martlet {

std::string_view verdict_word(const GateVerdict& verdict) {
  if (!verdict.applies) return "skipped";
  if (verdict.state == GateState::pass) return "ok";
  return verdict.state == GateState::fail ? "bad" : "unknown";
}

std::vector<Cell> verdict_cells(const std::string& name, const GateVerdict& verdict) {
  const Style style = !verdict.applies                   ? Style::dim
                      : verdict.state == GateState::pass ? Style::good
                      : verdict.state == GateState::fail ? Style::bad
                                                         : Style::warning;
  return {{std::string(verdict_word(verdict)), style}, {name, Style::strong}, {verdict.text, Style::plain}};
}

nlohmann::ordered_json verdict_json(const std::string& name, const GateVerdict& verdict) {
  return {{"gate", name},
          {"state", verdict_word(verdict)},
          {"text", verdict.text},
          {"measurements", verdict.measurements},
          {"failures", verdict.failures}};
}

}  // namespace martlet
