#include "history/audit_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace martlet {
namespace {

using ByNumber = std::map<long long, const AuditEvent*>;

ByNumber by_number(const std::vector<AuditEvent>& events) {
  ByNumber sorted;
  for (const AuditEvent& event : events) sorted[event.number] = &event;
  return sorted;
}

// What the copy has and the database has not, or has otherwise. The first difference says it all: all that follows it
// differs too.
void compare_events(const ByNumber& events, const AuditFile& file, AuditProof& proof) {
  for (const AuditEvent& copy : file.events) {
    const auto found = events.find(copy.number);
    if (found != events.end() && found->second->hash == copy.hash) continue;
    const bool cut_off = events.empty() || copy.number > events.rbegin()->first;
    proof.problems.push_back(
        cut_off ? fmt::format("events {} to {} are in the copy and not in the database: they were cut off its end",
                              copy.number, file.events.back().number)
                : fmt::format("event {} is another one in the copy", copy.number));
    return;
  }
}

std::string problem_of(const Checkpoint& checkpoint, const ByNumber& events, const std::string& trusted_key) {
  if (!checkpoint.holds()) return "its signature does not hold";
  if (checkpoint.public_key != trusted_key) return "it is signed with another key";
  const auto found = events.find(checkpoint.number);
  if (found == events.end()) return "that event is not in the database";
  if (found->second->hash != checkpoint.hash) return "that event is another one now";
  return {};
}

void compare_checkpoints(const ByNumber& events, const AuditFile& file, const std::string& trusted_key,
                         AuditProof& proof) {
  for (const Checkpoint& checkpoint : file.checkpoints) {
    const std::string problem = problem_of(checkpoint, events, trusted_key);
    if (!problem.empty()) {
      proof.problems.push_back(fmt::format("the checkpoint of event {}: {}", checkpoint.number, problem));
      continue;
    }
    ++proof.checkpoints;
    proof.last_checkpoint = std::max(proof.last_checkpoint, checkpoint.number);
  }
}

void add_reservations(const AuditFile& file, const std::string& trusted_key, AuditProof& proof) {
  if (file.events.empty() && file.checkpoints.empty()) {
    proof.reservations.push_back(
        "without a copy elsewhere nobody can see whether events were cut off the end: `martlet audit export` makes "
        "one");
  } else if (file.checkpoints.empty()) {
    proof.reservations.push_back("the copy has no signed checkpoints: set [audit] key (`martlet audit key FILE`)");
  } else if (trusted_key.empty()) {
    proof.reservations.push_back(
        "the checkpoints' key was taken from the copy itself: set [audit] public_key to the one that you trust");
  }
}

}  // namespace

AuditProof prove_audit(const std::vector<AuditEvent>& events, const AuditFile& file, const std::string& trusted_key) {
  AuditProof proof{.events = events.size(), .copied = file.events.size()};
  if (const auto broken = find_chain_break(events)) {
    proof.problems.push_back(fmt::format("event {}: {}", broken->number, broken->why));
  }
  const long long begins = file.events.empty() ? 1 : file.events.front().number;
  if (const auto broken = find_chain_break(file.events, begins)) {
    proof.problems.push_back(fmt::format("in the copy, event {}: {}", broken->number, broken->why));
  }
  const ByNumber sorted = by_number(events);
  compare_events(sorted, file, proof);
  const bool names_a_key = trusted_key.empty() && !file.checkpoints.empty();
  compare_checkpoints(sorted, file, names_a_key ? file.checkpoints.front().public_key : trusted_key, proof);
  add_reservations(file, trusted_key, proof);
  return proof;
}

}  // namespace martlet
