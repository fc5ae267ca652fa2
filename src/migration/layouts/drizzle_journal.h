// drizzle's meta/_journal.json: which migrations there are, in which order.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace martlet::drizzle {

inline constexpr const char* kJournalFile = "meta/_journal.json";

/// The tags of the entries ("0011_add_avatar"), in order. Throws Error{validation} for a journal that is not readable
/// as JSON (with line and column) or lacks entries with tags.
std::vector<std::string> read_journal(const std::string& path);

/// Adds an entry for `tag` at the end, stamped with the current time; creates the journal where there is none.
void append_to_journal(const std::string& path, const std::string& tag);

/// Renames an entry, moves it to the end and gives it the index that its new tag begins with, as one written last.
void rename_in_journal(const std::string& path, const std::string& from, const std::string& to);

}  // namespace martlet::drizzle
