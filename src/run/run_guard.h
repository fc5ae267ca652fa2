// Around the work of a run that goes forward: gates before, during and after it, the integrity check, and automatic
// rollback where the policy asks for it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gate/trial.h"
#include "run/course.h"
#include "run/gate_watch.h"
#include "run/safeguards.h"

namespace martlet {

class RunGuard {
 public:
  /// Whether a failed run may be taken back by itself.
  enum class Rollback { as_configured, never };
  RunGuard(Course& course, Rollback rollback);

  /// Does the work between its gates. Throws what the work throws, and GateRefusal; after an automatic rollback the
  /// error says how the database was left. Without safeguards it only does the work.
  void run(const std::function<void()>& work);

 private:
  void guarded(const std::function<void()>& work);
  void before();
  void prepare_after();
  void begin_watch();
  void after();
  void check_integrity();
  /// Holds one gate as often as its action asks for, and notes the evidence. Throws GateRefusal.
  void hold(GateTrial& trial, GateMoment moment);
  GateVerdict hold_until_passed(GateTrial& trial, GateMoment moment, GateVerdict verdict);
  void tell(const Gate& gate, GateMoment moment, const GateVerdict& verdict);
  void end_watch();
  void record_evidence();
  void keep_evidence();
  bool wants_rollback(const Error& error) const;

  Course& course_;
  const Rollback rollback_;
  const Safeguards* safeguards_;
  GateWorld world_;
  std::vector<std::unique_ptr<GateTrial>> trials_;  // before and after
  std::unique_ptr<GateWatch> watch_;
  std::vector<std::string> problems_before_;
  std::vector<AuditEvent> evidence_;  // not recorded yet
};

}  // namespace martlet
