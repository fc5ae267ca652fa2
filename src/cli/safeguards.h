// Configuration → what stands around a run.
#pragma once

#include <memory>

#include "cli/command.h"
#include "gate/world.h"
#include "run/safeguards.h"

namespace martlet {

/// What health checks and gates look at.
HealthTarget health_target(const Config& config);
/// The same, for gates that are asked outside of a run.
GateTarget gate_target(const Config& config);

/// Gates, automatic rollback and the evidence that is asked for, of a command that runs migrations. nullptr where the
/// configuration has none of them. Throws Error{usage} for what cannot mean anything, and for --skip-gate without a
/// --reason or with a name that no gate has.
std::shared_ptr<const Safeguards> safeguards(const Context& context);

}  // namespace martlet
