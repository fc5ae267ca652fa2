// An error as people read it, and as programs do.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "cli/output.h"

namespace martlet {

/// Several lines: place and message, the line of the file with a caret, detail, hint, what the database looks like now,
/// what to do next. Ends with a line break.
std::string error_text(const Error& error, const Output& paint);
/// A line of a file, cut around `column` (from 1, in characters; 0 = none), with its number and a caret below.
/// Passwords are masked.
std::string line_with_caret(std::string line, int number, int column, const Output& paint);
/// {ok, code, kind, message, hint, place:{file,line,column}, sqlstate, detail, statement, state, next}; what is not
/// known is null.
nlohmann::ordered_json error_json(const Error& error);

}  // namespace martlet
