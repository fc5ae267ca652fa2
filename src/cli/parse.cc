// The command word is found first, so that options may stand before it; then CLI11 reads everything else against the
// options of that command and the global ones.
#include "cli/parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <list>
#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "cli/options.h"

namespace martlet {
namespace {

bool looks_like_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

const Option* find_option(const std::vector<Option>& options, const std::string& name) {
  for (const Option& option : options) {
    const std::vector<std::string> names = option_names(option);
    if (std::find(names.begin(), names.end(), name) != names.end()) return &option;
  }
  return nullptr;
}

// An option before the command word: the command is not known yet, so any command's options may be meant.
const Option* find_any_option(const std::string& name) {
  for (const auto* options : {&global_options(), &script_options()}) {
    if (const Option* found = find_option(*options, name)) return found;
  }
  for (const Command* command : Registry<Command>::all()) {
    if (const Option* found = find_option(command->options, name)) return found;
  }
  return nullptr;
}

bool needs_value(const Option* option) {
  return option && !option->value_name.empty() && option->optional_default.empty();
}

// True where the value of the option `word` is the next word.
bool takes_next_word(const std::string& word) {
  if (word.starts_with("--")) {
    if (word.find('=') != std::string::npos) return false;
    return needs_value(find_any_option(word));
  }
  if (needs_value(find_any_option(word.substr(0, 2)))) return word.size() == 2;  // -uURL carries its value
  return needs_value(find_any_option("-" + word.substr(word.size() - 1)));       // -vu URL
}

// Takes the command word out of `words`; "" where there is none.
std::string take_command_word(std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (looks_like_option(words[i])) {
      if (takes_next_word(words[i])) ++i;
      continue;
    }
    const std::string word = words[i];
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    return word;
  }
  return {};
}

// CLI11 knows the options of one command here, each with the place its result goes to.
class Parser {
 public:
  explicit Parser(const Command* command) : command_(command) {
    app_.set_help_flag("");
    app_.allow_extras();
    if (command)
      for (const Option& option : command->options) add(option);
    for (const Option& option : global_options()) add(option);
    for (const Option& option : script_options()) add(option);
    app_.add_option("ARGUMENTS", positionals_)->expected(0, 1 << 20);
  }

  CommandLine parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& problem) {
      throw usage(explained(problem));
    }
    refuse_unknown();
    CommandLine line;
    line.command = command_;
    for (const auto& [option, parsed] : options_) {
      if (parsed->count() > 0) take(*option, parsed->results().back(), line);
    }
    line.arguments.positionals_ = positionals_;
    return line;
  }

 private:
  // A command's own option hides a global one of the same name.
  void add(const Option& option) {
    std::vector<std::string> free;
    for (const std::string& name : option_names(option)) {
      if (taken_.insert(name).second) free.push_back(name);
    }
    if (free.empty()) return;
    const std::string names = join(free, ",");
    CLI::Option* parsed = nullptr;
    if (option.value_name.empty() || !option.optional_default.empty()) {
      parsed = app_.add_flag(names);  // `--dry-run=execute` is a flag with a value; `--dry-run up` has none
      if (option.value_name.empty()) parsed->disable_flag_override();
    } else {
      parsed = app_.add_option(names, values_.emplace_back());
    }
    options_.emplace_back(&option, parsed);
  }

  static void take(const Option& option, std::string value, CommandLine& line) {
    const std::string key = option_key(option);
    if (value == "true" && !option.optional_default.empty()) value = option.optional_default;
    if (key == "env") line.sources.environment = value;
    if (key == "env-file") line.sources.env_file = value;
    if (key == "config") line.sources.config_file = value;
    if (!option.config_key.empty()) {
      line.sources.flags[std::string(option.config_key)] = value;
      line.sources.flag_names[std::string(option.config_key)] = "--" + key;
    }
    line.arguments.options_[key] = std::move(value);
  }

  void refuse_unknown() const {
    for (const std::string& word : app_.remaining()) {
      if (word == "--" || !looks_like_option(word)) continue;
      const std::string name = word.substr(0, word.find('='));
      std::vector<std::string> known;
      for (const std::string& each : taken_) known.push_back(each);
      const auto meant = name.size() > 2 ? nearest(name, known) : std::nullopt;
      throw usage(fmt::format("unknown option {}", name))
          .next(meant ? fmt::format("did you mean {}?", *meant) : help_advice());
    }
  }

  static std::string explained(const CLI::ParseError& problem) {
    const std::string text = problem.what();
    std::string option = text.substr(0, text.find_first_of(": "));
    if (!option.starts_with('-')) option.insert(0, "--");
    if (text.find("flag override") != std::string::npos) return fmt::format("{} takes no value", option);
    if (text.find("missing") != std::string::npos) return fmt::format("{} needs a value", option);
    if (text.find("but received") != std::string::npos) return fmt::format("{} was given more than once", option);
    return text;
  }

  Error usage(std::string message) const { return Error(ErrorKind::usage, std::move(message)).next(help_advice()); }
  std::string help_advice() const {
    return command_ ? fmt::format("see `martlet help {}`", command_->id) : "see `martlet help`";
  }

  const Command* command_;
  CLI::App app_;
  std::set<std::string> taken_;
  std::list<std::string> values_;
  std::vector<std::pair<const Option*, CLI::Option*>> options_;
  std::vector<std::string> positionals_;
};

Error unknown_command(const std::string& word) {
  const auto meant = nearest(word, command_names());
  return Error(ErrorKind::usage, fmt::format("unknown command \"{}\"", word))
      .next(meant ? fmt::format("did you mean `martlet {}`?", *meant) : "see `martlet help` for the commands");
}

// `martlet -d`, `martlet -r 003`: what the older scripts meant by a call without a command.
const Command* implied_command(const CommandLine& line) {
  if (line.has("rollback-to")) return find_command("down");
  for (const char* letter : {"dry-run", "skip-backup", "force", "verbose"}) {
    if (line.has(letter)) return find_command("up");
  }
  return nullptr;
}

bool has_option(const Command& command, std::string_view key) {
  for (const Option& option : command.options) {
    if (option_key(option) == key) return true;
  }
  return false;
}

// Nothing that was asked for may be silently left out: a command that writes and has no dry run must say so.
void settle_script_options(CommandLine& line) {
  const Command& command = *line.command;
  auto& options = line.arguments.options_;
  if (line.has("dry-run") && !has_option(command, "dry-run") && !command.read_only)
    throw Error(ErrorKind::usage, fmt::format("`martlet {}` has no --dry-run", command.id))
        .next(fmt::format("see `martlet help {}`", command.id));
  const auto rollback = options.find("rollback-to");
  if (rollback == options.end()) return;
  if (command.id != "down" || line.has("to"))
    throw Error(ErrorKind::usage, "--rollback-to goes with no command, or with `down` alone")
        .next(fmt::format("say `martlet down --to {}`", rollback->second));
  options["to"] = rollback->second;
}

void check_positionals(const Command& command, const std::vector<std::string>& given) {
  std::size_t required = 0;
  bool unlimited = false;
  for (const Positional& positional : command.positionals) {
    if (positional.arity == Positional::Arity::required) ++required;
    if (positional.arity == Positional::Arity::any) unlimited = true;
  }
  const std::string help = fmt::format("see `martlet help {}`", command.id);
  if (given.size() < required)
    throw Error(ErrorKind::usage, fmt::format("{} needs {}", command.id, command.positionals[given.size()].name))
        .next(help);
  if (!unlimited && given.size() > command.positionals.size())
    throw Error(ErrorKind::usage,
                fmt::format("{} takes no further argument: \"{}\"", command.id, given[command.positionals.size()]))
        .next(help);
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  std::vector<std::string> rest = words;
  const std::string word = take_command_word(rest);
  const Command* command = word.empty() ? nullptr : find_command(word);
  if (!word.empty() && !command) throw unknown_command(word);
  CommandLine line = Parser(command).parse(rest);
  if (line.has("help") || line.has("version")) return line;
  if (!line.command) {
    line.command = implied_command(line);
    if (line.command && line.command->id == "up") line = Parser(line.command).parse(rest);
  }
  if (!line.command) return line;
  settle_script_options(line);
  check_positionals(*line.command, line.arguments.positionals());
  return line;
}

bool Arguments::has(std::string_view option) const {
  return options_.find(option) != options_.end();
}

std::string Arguments::text(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::string() : found->second;
}

std::string Arguments::positional(std::size_t index) const {
  return index < positionals_.size() ? positionals_[index] : std::string();
}

}  // namespace martlet
