// The runs: each function is one command's whole course, from reading the folder to the last commit.
#pragma once

#include <string>

#include "run/goal.h"
#include "run/report.h"
#include "run/settings.h"

namespace martlet {

/// Applies what is pending up to the goal, after finishing what a crash left. Throws Error as `martlet help` lists its
/// exit codes; what was committed before a failure stays, and the error says where the database is.
[[nodiscard]] RunReport up(const RunSettings& settings, const Goal& goal);

/// Takes back what is applied beyond the goal, last first. Checks that each has a down before the first one runs.
/// Throws Error{refused} for Goal::Kind::base on a protected environment.
[[nodiscard]] RunReport down(const RunSettings& settings, const Goal& goal);

/// Finishes what an earlier run left in its middle, and nothing else.
[[nodiscard]] RunReport resume(const RunSettings& settings);

/// Takes back what an earlier run left in its middle, by the plan that it followed. Throws Error{validation} with
/// nothing run where a step cannot be taken back.
[[nodiscard]] RunReport undo(const RunSettings& settings);

/// Up or down, whichever leads to the version.
[[nodiscard]] RunReport go_to(const RunSettings& settings, const std::string& version);

/// Down and up of the last `count` migrations.
[[nodiscard]] RunReport redo(const RunSettings& settings, long count);

}  // namespace martlet
