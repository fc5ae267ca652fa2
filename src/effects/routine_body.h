// What functions, procedures and DO blocks do when they run.
#pragma once

#include <string>

#include "effects/execution.h"

namespace martlet {

/// Runs a function of the catalog: the statements of its body, as far as they can be read. Built-in ones do nothing to
/// relations.
void run_function(Execution& execution, ObjectId function);

/// Runs the text of a body in `language`. Each statement of it is taken to be executed once.
void run_body(Execution& execution, const std::string& language, const std::string& body);

}  // namespace martlet
