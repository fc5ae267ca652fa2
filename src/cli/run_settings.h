// Configuration and flags → RunSettings.
#pragma once

#include "cli/command.h"
#include "run/goal.h"
#include "run/settings.h"

namespace martlet {

/// Why a run goes on in spite of what speaks against it; of every command that runs migrations.
inline constexpr Option kReasonOption{"--reason", "TEXT",
                                      "with --force: why hazards are run on a protected environment; it is recorded"};

/// Of every command that applies migrations.
inline constexpr Option kSkipGateOption{"--skip-gate", "NAME", "leave this gate out (a list: a,b); needs --reason"};

/// What every command needs, from the context's configuration; questions are asked through its output.
RunSettings common_settings(Context& context);

/// The same for a command that runs migrations: with --reason, and the backup before a run.
RunSettings run_settings(Context& context);

/// The same for a command that goes upwards: with what stands around such a run (gates, automatic rollback; a `down` is
/// held up by none of it); the embedded default, a SQLite file, is made on first use.
RunSettings up_settings(Context& context);

/// The same for a command that only looks: a SQLite file that is not there yet reads as an empty database, and is not
/// made.
RunSettings looking_settings(Context& context);

/// The goal of --to / --steps / the options of `up`; Goal{} (head) where none is given. Throws Error{usage} where both
/// are, or --steps is not a positive number.
Goal goal_up(const Arguments& arguments);

/// Asks before everything is taken back, where the environment does not refuse it anyway. Throws Error{refused}.
void confirm_base(Context& context, const RunSettings& settings, const Goal& goal);

/// Prints what an up or down did, as the view of the run left it: the closing line, and the fields of --json.
struct RunReport;
void show_report(Context& context, const RunReport& report);

}  // namespace martlet
