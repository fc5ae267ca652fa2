// Programs run by tests.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace martlet::testing {

/// Variables to set; nullopt = to unset.
using Environment = std::map<std::string, std::optional<std::string>>;

struct Command {
  std::vector<std::string> arguments;  // the first is the program
  Environment environment = {};        // on top of ours, which loses PG*, MARTLET_*, DATABASE_URL, SUPABASE_DB_URL
  std::filesystem::path folder = {};   // to run in; "" = ours
  std::string input = {};              // its standard input
};

struct Finished {
  int exit_code = -1;  // -1 when a signal ended it
  int signal = 0;      // that signal
  std::string out;
  std::string err;
};
/// For messages of failed expectations: exit code and both outputs.
std::ostream& operator<<(std::ostream& stream, const Finished& finished);

/// A program that runs beside the test. The destructor kills what still runs.
class Process {
 public:
  explicit Process(const Command& command);
  ~Process();
  Process(Process&&) noexcept;

  pid_t pid() const;
  bool running();
  void signal(int number);
  /// Waits for its end; after `patience` kills it and throws std::runtime_error with its outputs.
  Finished wait(std::chrono::seconds patience = std::chrono::seconds(120));
  /// What it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Runs a program to its end.
Finished run(const Command& command);

/// Asks every 5 ms until `condition` holds; false when it does not within `patience`.
[[nodiscard]] bool eventually(const std::function<bool()>& condition,
                              std::chrono::seconds patience = std::chrono::seconds(30));

}  // namespace martlet::testing
