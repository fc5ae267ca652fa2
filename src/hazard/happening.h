// Effects in the words of people.
#pragma once

#include <string>

#include "effects/effects.h"

namespace martlet {

/// What the statement does to relations that are in use: "locks orders (ACCESS EXCLUSIVE: nobody can read or write),
/// writes it anew; 2.1 to 4.0 s". "" where it holds nobody up.
std::string happening(const Effects& effects);

}  // namespace martlet
