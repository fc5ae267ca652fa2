// What tells a finding from others, however lines move.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

/// The same for texts that differ in white space and comments only (64 bit FNV-1a over the tokens).
std::uint64_t text_digest(std::string_view sql, Dialect dialect);

/// One for each finding, in their order: from hazard, file and statement, numbered where that comes several times.
std::vector<std::string> fingerprints(const std::deque<HazardFinding>& findings);

}  // namespace martlet
