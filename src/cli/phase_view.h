// What the later phases of migrations wait for, and would do, as text and JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "run/later_phase.h"

namespace martlet {

/// What would run, and what still uses the old side. Returns the exit code.
int show_look(Context& context, const std::vector<PhaseLook>& looks);

/// {next: "contract", since, due, is_due}.
nlohmann::ordered_json phase_json(const WaitingPhase& waiting);
/// "V003 is expanded: contract due since 2026-03-08 (martlet contract)".
void show_waiting(Output& output, const WaitingPhase& waiting);

}  // namespace martlet
