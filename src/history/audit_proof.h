// Does the audit in the database hold, and does it agree with the copy outside of it?
#pragma once

#include <string>
#include <vector>

#include "history/audit_chain.h"
#include "history/audit_file.h"

namespace martlet {

struct AuditProof {
  std::size_t events = 0;                 // in the database
  std::size_t copied = 0;                 // in the file
  std::size_t checkpoints = 0;            // whose signature holds
  long long last_checkpoint = 0;          // the event that the last of them fixes
  std::vector<std::string> problems;      // what does not hold, the first broken link first
  std::vector<std::string> reservations;  // what could not be proved, and what would be needed
};

/// `trusted_key`: the public key that checkpoints must be signed with; "" = the one that the file itself names, which
/// proves only that all of them are of one hand. An empty `file` proves nothing about the chain's end, and says so.
AuditProof prove_audit(const std::vector<AuditEvent>& events, const AuditFile& file, const std::string& trusted_key);

}  // namespace martlet
