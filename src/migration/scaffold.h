// The text of new migration files.
#pragma once

#include <string>

#include "migration/folder.h"

namespace martlet {

/// Header fields and room for the statements. `down_hint` tells where the down part belongs; "" for a repeatable.
std::string scaffold_up(const NewMigration& wanted, const std::string& down_hint);
/// A down file of its own.
std::string scaffold_down(const NewMigration& wanted);
/// A down section to stand behind scaffold_up in the same file.
std::string scaffold_down_section();

/// Writes a new file with its folders. Throws Error{usage} where one is there already.
void write_new_file(const std::string& path, const std::string& text);

/// Now as "20231223120000", UTC.
std::string timestamp_now();

}  // namespace martlet
