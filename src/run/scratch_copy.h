// A scratch database that stands where the target stands.
#pragma once

#include <memory>

#include "run/settings.h"
#include "scratch/scratch.h"

namespace martlet {

/// An empty scratch database for the target of `settings`. On a protected environment the target's own server is not
/// used. `server` is scratch_url, "" = none given.
std::unique_ptr<ScratchDatabase> make_scratch(const RunSettings& settings, const std::string& server);

/// The same settings for a run on the scratch database: not protected, no hooks, nobody asked.
RunSettings on_scratch(const RunSettings& settings, const Url& scratch);

/// Gives the scratch database the target's schema and ledger. SQLite: its rows too (a copy of the file).
void copy_target(const RunSettings& target, const RunSettings& scratch);

}  // namespace martlet
