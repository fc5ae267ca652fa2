// The tables' format: a number, and the statements that lead from each number to the next.
#pragma once

#include <string>
#include <vector>

#include "history/names.h"

namespace martlet {

/// The format that this martlet writes. Raise it together with a new entry in both lists of upgrades.
constexpr int kHistoryFormat = 2;

/// What leads from format `to - 1` to format `to`; to 1: what makes the tables.
std::vector<std::string> postgres_upgrade(const HistoryNames& names, int to);
std::vector<std::string> sqlite_upgrade(const HistoryNames& names, int to);

/// Throws Error{validation} where `found` is newer than kHistoryFormat, naming both martlet versions.
void refuse_newer_format(int found, const std::string& written_by);

}  // namespace martlet
