// The files of a migrations folder as the limit programs see them: read, digested, cut before the down part.
#pragma once

#include <map>
#include <string>
#include <vector>

/// What the command line of a limit program asks for.
enum class Job { apply_each, apply_window, apply_all, nothing_to_do, status };

struct Order {
  Job job;
  std::string folder;
  std::string target;  // a libpq connection string, or the path of a SQLite file
};
/// Reads `JOB FOLDER TARGET`; ends the program with a usage message where that is not what is there.
Order parse_order(int argc, char** argv);

struct PlainFile {
  std::string version;
  std::string up;
  std::string digest;  // SHA-256 of the whole file, hexadecimal
};
/// All files V<version>__*.sql, in the order of their versions, read and digested.
std::vector<PlainFile> read_files(const std::string& folder);

/// What the versions table holds: version → digest.
using Applied = std::map<std::string, std::string>;
/// Ends the program with code 1 where a file is pending or was edited.
void check_nothing_to_do(const Applied& applied, const std::string& folder);
/// A line for each file name. The files are not read.
void print_status(const Applied& applied, const std::string& folder);

/// Prints the message and ends the program with code 1.
[[noreturn]] void fail(const std::string& message);
