// Reading and writing files, with errors that name the file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// The whole file. Throws Error{usage} naming the path and the reason.
std::string read_file(const std::filesystem::path& path);

/// At most `size` bytes from its start.
std::string read_beginning(const std::filesystem::path& path, std::size_t size);

enum class FileMode { normal = 0644, secret = 0600 };

/// Writes through a temporary file in the same folder and a rename, so that a crash leaves the old or the new file.
void write_file(const std::filesystem::path& path, std::string_view content, FileMode mode = FileMode::normal);

/// Names of the entries of a folder, sorted bytewise. Throws Error{usage} where it is missing or unreadable.
std::vector<std::string> list_folder(const std::filesystem::path& path);

}  // namespace martlet
