// Completion for shells, made from the registry.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/output.h"

namespace martlet {
namespace {

std::vector<std::string> words_of(const std::vector<Option>& options) {
  std::vector<std::string> words;
  for (const Option& option : options) {
    const std::vector<std::string> names = option_names(option);
    words.insert(words.end(), names.begin(), names.end());
  }
  return words;
}

std::string shared_words() {
  return join(words_of(global_options()), " ") + " " + join(words_of(script_options()), " ");
}

std::string bash() {
  std::string cases;
  for (const Command* command : Registry<Command>::all()) {
    std::vector<std::string> names{std::string(command->id)};
    names.insert(names.end(), command->aliases.begin(), command->aliases.end());
    cases += fmt::format("    {}) words=\"{}\" ;;\n", join(names, "|"), join(words_of(command->options), " "));
  }
  return fmt::format(R"(_martlet() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" command="" words="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command" in
    "") words="{}" ;;
{}  esac
  case "$current" in -*) words="$words {}" ;; esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [ "${{#COMPREPLY[@]}}" -eq 0 ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -F _martlet martlet
)",
                     join(command_names(), " "), cases, shared_words());
}

std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string zsh() {
  std::string commands;
  std::string cases;
  for (const Command* command : Registry<Command>::all()) {
    commands += fmt::format("    {}\n", shell_quoted(fmt::format("{}:{}", command->id, command->summary)));
    std::vector<std::string> names{std::string(command->id)};
    names.insert(names.end(), command->aliases.begin(), command->aliases.end());
    cases += fmt::format("    {}) compadd -- {} ;;\n", join(names, "|"), join(words_of(command->options), " "));
  }
  return fmt::format(R"(#compdef martlet
_martlet() {{
  local -a commands
  commands=(
{})
  local command="" word
  for word in "${{words[@]:1:CURRENT-2}}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command" in
    "") _describe 'command' commands ;;
{}  esac
  if [[ "${{words[CURRENT]}}" == -* ]]; then
    compadd -- {}
  else
    _files
  fi
}}
compdef _martlet martlet
)",
                     commands, cases, shared_words());
}

void add_fish_options(std::string& script, const std::vector<Option>& options, std::string_view condition) {
  for (const Option& option : options) {
    std::string line = fmt::format("complete -c martlet{}", condition);
    for (const std::string& name : option_names(option)) {
      line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    const bool takes_value = !option.value_name.empty() && option.optional_default.empty();
    script += fmt::format("{}{} -d {}\n", line, takes_value ? " -r" : "", shell_quoted(option.help));
  }
}

std::string fish() {
  std::string script;
  for (const Command* command : Registry<Command>::all()) {
    script += fmt::format("complete -c martlet -n __fish_use_subcommand -a {} -d {}\n", command->id,
                          shell_quoted(command->summary));
    add_fish_options(script, command->options, fmt::format(" -n '__fish_seen_subcommand_from {}'", command->id));
  }
  add_fish_options(script, global_options(), "");
  add_fish_options(script, script_options(), "");
  return script;
}

struct Shell {
  std::string_view name;
  std::string (*script)();
};

constexpr Shell kShells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

int run(Context& context) {
  for (const Shell& shell : kShells) {
    if (shell.name != context.arguments.positional(0)) continue;
    const std::string script = shell.script();
    context.output.json()["script"] = script;
    context.output.line(trim(script));
    return 0;
  }
  throw Error(ErrorKind::usage, fmt::format("no completion for \"{}\"", context.arguments.positional(0)))
      .next("there is one for bash, zsh and fish");
}

const Registered<Command> kCompletion{
    {.id = "completion",
     .summary = "completion of commands and options for bash, zsh or fish",
     .details = "Prints a script for the shell to read.",
     .positionals = {{"SHELL", "bash, zsh or fish"}},
     .examples = {"source <(martlet completion bash)",
                  "martlet completion fish > ~/.config/fish/completions/martlet.fish"},
     .run = run,
     .needs_config = false,
     .group = "Tools",
     .read_only = true}};

}  // namespace
}  // namespace martlet
