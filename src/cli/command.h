// A command: one file in commands/ registers itself. Options are data, so that help, completion and docs come from
// them.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace martlet {

class Output;

struct Option {
  std::string_view names;       // "-t,--to" or "--all"
  std::string_view value_name;  // "VERSION"; "" = a flag without a value
  std::string_view help;
  std::string_view config_key;  // the configuration key it sets, if any
  /// What it says when given without a value. With a value_name the value is optional and only written with "=":
  /// {"-d,--dry-run", "execute", "…", "", "show"} is --dry-run[=execute].
  std::string_view optional_default;
};

struct Positional {
  std::string_view name;  // "VERSION"
  std::string_view help;
  enum class Arity { required, optional, any } arity = Arity::required;
};

/// What the command line said, apart from what went into the configuration.
class Arguments {
 public:
  bool has(std::string_view option) const;          // by long name without dashes: "dry-run"
  std::string text(std::string_view option) const;  // "" where not given
  const std::vector<std::string>& positionals() const { return positionals_; }
  std::string positional(std::size_t index) const;  // "" where not given

  std::map<std::string, std::string, std::less<>> options_;
  std::vector<std::string> positionals_;
};

struct Context {
  Config config;
  Arguments arguments;
  Output& output;
};

struct Command {
  std::string_view id;  // "up"
  std::vector<std::string_view> aliases;
  std::string_view summary;  // one line
  std::string_view details;  // paragraphs for `martlet help up`
  std::vector<Option> options;
  std::vector<Positional> positionals;
  std::vector<std::string_view> examples;
  /// Returns the exit code (0, or 3 for pending, …); failures throw Error.
  int (*run)(Context& context);
  bool needs_config = true;  // false: must work with a broken martlet.toml (version, completion, init)
  std::string_view group = "Migrations";
  bool read_only = false;  // changes nothing: `--dry-run` before it is accepted and means nothing
};

}  // namespace martlet
