// What a command shows: text for people, one JSON object for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/events.h"

namespace martlet {

enum class Style { plain, good, bad, warning, dim, strong };

struct Cell {
  std::string text;
  Style style = Style::plain;
};

struct OutputOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool color = false;        // resolved: a terminal, no NO_COLOR, no --no-color
  bool color_wanted = true;  // false with --no-color: standard error is not coloured either
  bool interactive = false;  // stdin and stderr are terminals: prompts and progress lines are possible
  int width = 80;
};

class Output {
 public:
  explicit Output(OutputOptions options) : options_(options) {}

  const OutputOptions& options() const { return options_; }
  /// Once the command line and the configuration are known.
  void set_options(OutputOptions options) { options_ = options; }
  /// A line on stdout; nothing with --json or --quiet.
  void line(std::string_view text = {}, Style style = Style::plain);
  /// Text for programs on stdout, as it is; nothing with --json.
  void raw(std::string_view text);
  /// Rows in aligned columns on stdout, cut to the terminal's width; nothing with --json.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<Cell>>& rows);
  /// A line on stderr, whatever the mode.
  void warn(std::string_view text);
  /// Fields of the one JSON object that --json prints at the end.
  nlohmann::ordered_json& json() { return json_; }
  /// With --json prints one object of many in a line of its own, as it is. A command that answers a list of questions
  /// does this for each, so that the answers can be read while they come; there is no object at the end then, unless it
  /// fails.
  void record(const nlohmann::ordered_json& object);
  /// Prints the JSON object {ok, code, …fields} if --json. Called once by main.
  void finish(int code);
  /// The error as people read it on stderr (place, statement line with caret, state, next), or as the JSON object.
  void fail(const Error& error);
  /// Asks on the terminal; false without one, or for anything but yes.
  bool confirm(std::string_view question);
  /// Text wrapped in the style's colour when colour is on.
  std::string styled(std::string_view text, Style style) const;

 private:
  OutputOptions options_;
  nlohmann::ordered_json json_ = nlohmann::ordered_json::object();
  bool has_records_ = false;
};

}  // namespace martlet
