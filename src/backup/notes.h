// BackupNotes as text.
#pragma once

#include <string>
#include <string_view>

#include "backup/backup.h"

namespace martlet {

/// "<backup>.json"
std::string notes_file(std::string_view backup);
std::string notes_text(const BackupNotes& notes);
/// Throws Error{validation} for what are no notes.
BackupNotes parse_notes(std::string_view text);

}  // namespace martlet
