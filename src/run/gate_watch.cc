#include "run/gate_watch.h"

#include <fmt/format.h>

#include "run/gate_refusal.h"

namespace martlet {
namespace {

constexpr Milliseconds kBetweenLooks{20};  // at what is due

}  // namespace

GateWatch::GateWatch(std::vector<Gate> gates, GateTarget target, Say say)
    : target_(std::move(target)), say_(std::move(say)) {
  for (Gate& gate : gates) entries_.push_back(std::make_unique<Entry>(Entry{.trial = GateTrial(std::move(gate))}));
  if (!entries_.empty()) thread_ = std::thread([this] { watch(); });
}

GateWatch::~GateWatch() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
}

void GateWatch::watch() {
  GateWorld world(target_);
  try {
    while (!over_) {
      for (const auto& entry : entries_) {
        if (!over_ && Clock::now() >= entry->due) measure(*entry, world);
      }
      std::this_thread::sleep_for(kBetweenLooks);
    }
  } catch (const Error&) {
    return;  // cancelled: the run itself notices, and ends
  }
}

void GateWatch::measure(Entry& entry, GateWorld& world) {
  const Judgement judged = entry.trial.look(world);
  note(entry, judged);
  entry.due = Clock::now() + entry.trial.gate.interval;
}

// Failures count in a row here: a run may take hours, and one bad minute at noon says nothing about the evening.
void GateWatch::note(Entry& entry, const Judgement& judged) {
  const Gate& gate = entry.trial.gate;
  Event told{.kind = EventKind::warning};
  {
    const std::lock_guard lock(mutex_);
    GateVerdict& verdict = entry.verdict;
    ++verdict.measurements;
    const bool failed = judged.state == GateState::fail;
    verdict.failures += failed;
    entry.failures_in_a_row = failed ? entry.failures_in_a_row + 1 : 0;
    const bool put_up_with = failed && entry.failures_in_a_row <= gate.failure_limit;
    const GateState before = verdict.state;
    verdict.state = put_up_with ? GateState::pass : judged.state;
    verdict.text = judged.text;
    if (verdict.state == before) return;
    if (before == GateState::pass) entry.standing_since = Clock::now();
    told.kind = verdict.state == GateState::pass ? EventKind::gate_passed : EventKind::gate_failed;
    told.id = gate.name;
    told.text = verdict_line(gate, GateMoment::during, verdict);
  }
  say_(told);
}

std::string GateWatch::reason() {
  const std::lock_guard lock(mutex_);
  std::string why;
  for (const auto& entry : entries_) {
    const GateVerdict& verdict = entry->verdict;
    if (verdict.state == GateState::pass) continue;
    const Gate& gate = entry->trial.gate;
    const GateAction action = gate.action_on(verdict.state);
    if (action != GateAction::pause) throw GateRefusal(gate, GateMoment::during, verdict, action);
    if (Clock::now() - entry->standing_since > gate.pause_limit) {
      throw GateRefusal(gate, GateMoment::during, verdict, GateAction::abort);
    }
    why = "gate " + verdict_line(gate, GateMoment::during, verdict);
  }
  return why;
}

std::vector<std::pair<Gate, GateVerdict>> GateWatch::stop() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
  std::vector<std::pair<Gate, GateVerdict>> verdicts;
  for (const auto& entry : entries_) verdicts.emplace_back(entry->trial.gate, entry->verdict);
  return verdicts;
}

}  // namespace martlet
