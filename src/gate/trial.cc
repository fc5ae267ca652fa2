#include "gate/trial.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/cancel.h"
#include "base/secret.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr Milliseconds kLongestRetry{1000};

std::string values_text(const Sample& sample) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : sample.values) parts.push_back(fmt::format("{} {}", name, value.text));
  const std::string text = join(parts, ", ");
  return sample.label.empty() ? text : fmt::format("{}: {}", sample.label, text);
}

GateState judge_sample(const Gate& gate, const Sample& sample) {
  if (gate.failure && gate.failure->holds(sample.values)) return GateState::fail;
  if (gate.success && gate.success->holds(sample.values)) return GateState::pass;
  if (gate.success && gate.failure) return GateState::inconclusive;
  return gate.success ? GateState::fail : GateState::pass;
}

int badness(GateState state) {
  return state == GateState::fail ? 2 : state == GateState::inconclusive ? 1 : 0;
}

std::string with_about(std::string text, const std::string& about) {
  if (about.empty()) return text;
  return text.empty() ? about : fmt::format("{} ({})", text, about);
}

}  // namespace

Judgement judge(const Gate& gate, const GateMeasurement& measured) {
  if (!measured.applies) return {GateState::inconclusive, measured.about, false};
  if (measured.samples.empty()) return {gate.no_data, measured.about.empty() ? "no data" : measured.about};
  Judgement worst{.state = GateState::pass};
  for (const Sample& sample : measured.samples) {
    const GateState state = judge_sample(gate, sample);
    if (!worst.text.empty() && badness(state) <= badness(worst.state)) continue;
    worst = {state, with_about(values_text(sample), measured.about)};
  }
  return worst;
}

std::string GateVerdict::words() const {
  std::string times = fmt::format("{} measurement{}", measurements, measurements == 1 ? "" : "s");
  if (failures > 0) times += fmt::format(", {} failed", failures);
  const std::string more = measurements > 1 ? "; " + times : "";
  return fmt::format("{} ({}{})", gate_word(state), text.empty() ? "nothing was measured" : text, more);
}

GateTrial::GateTrial(Gate what) : gate(std::move(what)), gauge_(start_gauge(gate)) {}

std::string GateTrial::prepare(GateWorld& world) {
  try {
    gauge_->prepare(world);
    return "";
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled && cancel::requested()) throw;
    if (dynamic_cast<const ConnectionLost*>(&error)) world.disconnect();
    return mask_passwords(error.message);
  }
}

Judgement GateTrial::attempt(GateWorld& world) {
  Judgement judged = judge(gate, gauge_->read(world));
  judged.text = mask_passwords(judged.text);
  return judged;
}

Judgement GateTrial::look(GateWorld& world) {
  for (long errors = 0;; ++errors) {
    try {
      return attempt(world);
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled && cancel::requested()) throw;
      if (dynamic_cast<const ConnectionLost*>(&error)) world.disconnect();
      if (errors >= gate.error_limit) {
        return {GateState::inconclusive, "nothing could be measured: " + mask_passwords(error.message)};
      }
    }
    cancel::sleep_ms(static_cast<long>(std::min(gate.interval, kLongestRetry).count()));
  }
}

GateVerdict GateTrial::hold(GateWorld& world) {
  GateVerdict verdict{.state = GateState::pass};
  for (long i = 0; i < gate.count; ++i) {
    if (i > 0) cancel::sleep_ms(static_cast<long>(gate.interval.count()));
    const Judgement judged = look(world);
    ++verdict.measurements;
    verdict.failures += judged.state == GateState::fail;
    verdict.applies = judged.applies;
    if (judged.state == GateState::inconclusive) verdict.state = GateState::inconclusive;
    const bool decides = judged.state != GateState::pass || verdict.state == GateState::pass;
    if (decides) verdict.text = judged.text;
    if (verdict.failures > gate.failure_limit) {
      verdict.state = GateState::fail;
      return verdict;
    }
  }
  return verdict;
}

}  // namespace martlet
