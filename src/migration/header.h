// The header fields in a file's leading comment.
#pragma once

#include <string_view>
#include <vector>

#include "migration/migration.h"

namespace martlet {

/// Names of the fields, in the order in which a new file has them.
const std::vector<std::string_view>& header_field_names();

/// Fields `-- Name: text` of the comment lines a file begins with; further comment lines that are no field continue
/// the text. Fields without text are left out, so is everything after the first line that is not a comment.
std::vector<HeaderField> read_header(std::string_view text);

}  // namespace martlet
