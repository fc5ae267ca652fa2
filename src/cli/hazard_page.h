// A hazard's page, from the registry and its example.
#pragma once

#include <string>

#include "hazard/hazard.h"

namespace martlet {

/// For the terminal: what it is, why it hurts, its example with what martlet says to it, the safe form.
std::string hazard_page(const Hazard& hazard);
/// All hazards as the text of docs/hazards.md.
std::string hazards_markdown();

}  // namespace martlet
