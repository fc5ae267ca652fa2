// A down part that is written from the up part, statement by statement.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

/// Is there anything but comments and semicolons?
bool has_statements(const SourceText& source);

/// Puts SQL that takes the statement back before what takes back the ones before it. `original`: the catalog before the
/// up part; what concerns only a table that was not there then goes with it. Nothing is left of `undo` where a
/// statement cannot be taken back, or is not understood.
void note_way_back(std::optional<std::vector<std::string>>& undo, const Case& at, const CatalogBefore& original);

}  // namespace martlet
