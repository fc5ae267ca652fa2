// Text fixes of findings, put into the text they were found in.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

struct FixedText {
  std::string text;
  std::vector<std::size_t> fixed;  // indexes of the findings whose fix is in it
};

/// The file's text with the fixes of those findings that have one and stand in `migration.file`; where two of them
/// would change the same bytes, only the first is put in. Line ends, a byte order mark and all else stay as they are.
/// `text`: the file as it is on disk.
FixedText fix_text(const std::string& text, const Migration& migration, const std::vector<HazardFinding>& findings);

}  // namespace martlet
