// The example of a hazard: the first positive case of tests/hazard/<id>.test, built into the program.
#pragma once

#include <string>
#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

struct HazardExample {
  std::string setup;      // what was there before
  std::string migration;  // the file that has the hazard
};
/// nullopt where its cases are not of one file on one schema.
std::optional<HazardExample> example_of(std::string_view hazard);

/// What judging the example says; nullopt where there is no example, or it needs what an example has not (sizes,
/// options).
std::optional<HazardFinding> example_finding(const Hazard& hazard);

}  // namespace martlet
