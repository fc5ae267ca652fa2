// `promote_from`: what runs here must have proved itself there.
#pragma once

#include <string>
#include <vector>

#include "history/audit.h"
#include "history/standing.h"
#include "run/course.h"
#include "run/proof.h"
#include "run/safeguards.h"

namespace martlet {

/// What the other environment knows about one migration.
struct Evidence {
  std::string label;
  bool applied = false;          // this file, by its checksum
  bool gates_passed = false;     // of the run that applied it, and nothing was rolled back then
  bool rollback_tested = false;  // its down ran there, or `martlet test --record` proved it; or it is declared to have
                                 // none, or needs none
  long long duration_ms = 0;
  std::vector<std::string> missing;  // what speaks against it, one sentence each
};

/// Reads the other environment's ledger and audit. Throws Error{connection} where they cannot be had.
std::vector<Evidence> read_evidence(const Promotion& promotion, const std::vector<const StandingEntry*>& pending);

/// Throws Error{refused} (exit code 9) naming each piece of evidence that is missing, where the environment asks for
/// some. With --force and a reason it is recorded and goes on.
void refuse_unproven(Course& course, const std::vector<const StandingEntry*>& pending);

/// Records in the target's audit that these downs were proved. Takes the lease for a moment.
void record_tested(const RunSettings& settings, const std::vector<ProofItem>& items);

}  // namespace martlet
