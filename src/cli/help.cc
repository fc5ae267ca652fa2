#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

constexpr std::size_t kWidth = 80;

struct Entry {
  std::string left, right;
};

// "  left   right", the right part wrapped in its column; a left part that is too long stands on its own line.
std::string columns(const std::vector<Entry>& entries, std::size_t left_limit) {
  std::size_t left = 0;
  for (const Entry& entry : entries) {
    const std::size_t width = display_width(entry.left);
    if (width <= left_limit) left = std::max(left, width);
  }
  std::string text;
  for (const Entry& entry : entries) {
    const std::string right = wrap(entry.right, left + 4, kWidth);
    const std::size_t width = display_width(entry.left);
    if (width > left)
      text += fmt::format("  {}\n{}", entry.left, right);
    else
      text += fmt::format("  {}{}", entry.left, right.substr(width + 2));
  }
  return text;
}

std::string option_label(const Option& option) {
  std::string label = join(option_names(option), ", ");
  if (label.starts_with("--")) label = "    " + label;
  if (!option.optional_default.empty() && !option.value_name.empty())
    return fmt::format("{}[={}]", label, option.value_name);
  if (!option.value_name.empty()) return fmt::format("{} {}", label, option.value_name);
  return label;
}

std::string options_text(const std::vector<Option>& options) {
  std::vector<Entry> entries;
  for (const Option& option : options) entries.push_back({option_label(option), std::string(option.help)});
  return columns(entries, 30);
}

std::string usage_line(const Command& command) {
  std::string line = fmt::format("martlet {}", command.id);
  for (const Positional& positional : command.positionals) {
    switch (positional.arity) {
      case Positional::Arity::required:
        line += fmt::format(" {}", positional.name);
        break;
      case Positional::Arity::optional:
        line += fmt::format(" [{}]", positional.name);
        break;
      case Positional::Arity::any:
        line += fmt::format(" [{}…]", positional.name);
        break;
    }
  }
  return command.options.empty() ? line : line + " [options]";
}

// The order in which groups are shown; a group not named here comes last.
constexpr std::array<std::string_view, 5> kGroups{"Start", "Migrations", "Looking", "Databases", "Tools"};

std::vector<std::string_view> groups() {
  std::vector<std::string_view> found(kGroups.begin(), kGroups.end());
  for (const Command* command : Registry<Command>::all()) {
    if (std::find(found.begin(), found.end(), command->group) == found.end()) found.push_back(command->group);
  }
  return found;
}

std::string exit_codes() {
  return "Exit codes:\n"
         "  0  done, or nothing to do         5  lease or lock not obtained\n"
         "  1  migration failed, clean        6  partial state: resume or repair\n"
         "  2  usage or configuration         7  drift\n"
         "  3  pending migrations             8  connection\n"
         "  4  validation, checksum, hazard   9  refused\n";
}

// A line that was broken in a sentence because the source was full goes on; any other ends where it was meant to.
std::string unbroken(std::string_view text) {
  constexpr std::size_t kFull = 72;
  std::string result(text);
  std::size_t begin = 0;
  for (std::size_t end = result.find('\n'); end != std::string::npos; end = result.find('\n', end + 1)) {
    const bool in_sentence = end > 0 && result[end - 1] != '.' && result[end - 1] != ':';
    if (in_sentence && end - begin >= kFull && end + 1 < result.size() && result[end + 1] != '\n') result[end] = ' ';
    begin = end + 1;
  }
  return result;
}

}  // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string wrapped;
  while (!text.empty()) {
    std::string_view paragraph = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(paragraph.size() + 1, text.size()));
    std::string line = margin;
    bool empty = true;
    for (const std::string& word : split_list(paragraph, ' ')) {
      if (!empty && display_width(line) + 1 + display_width(word) > width) {
        wrapped += line + "\n";
        line = margin;
        empty = true;
      }
      line += empty ? word : " " + word;
      empty = false;
    }
    wrapped += empty ? "\n" : line + "\n";
  }
  return wrapped;
}

std::string short_help() {
  return "martlet changes the schema of live databases: PostgreSQL and SQLite.\n"
         "\n"
         "  martlet init          martlet.toml and a migrations folder\n"
         "  martlet new NAME      a new migration\n"
         "  martlet up            apply what is pending\n"
         "  martlet status        what is applied, what is not\n"
         "  martlet help          all commands and options\n";
}

std::string full_help() {
  std::string text = "usage: martlet [options] COMMAND [options] [arguments]\n";
  for (const std::string_view group : groups()) {
    std::vector<Entry> entries;
    for (const Command* command : Registry<Command>::all()) {
      if (command->group != group) continue;
      std::string summary(command->summary);
      if (!command->aliases.empty())
        summary += fmt::format(" [{}]", fmt::join(command->aliases.begin(), command->aliases.end(), ", "));
      entries.push_back({std::string(command->id), summary});
    }
    if (!entries.empty()) text += fmt::format("\n{}:\n{}", group, columns(entries, 12));
  }
  text += "\nOptions of every command, also before it:\n" + options_text(global_options());
  text +=
      "\nOptions of older scripts; without a command they mean `up` (-r: `down`):\n" + options_text(script_options());
  text += "\n" + exit_codes();
  text += "\n" + wrap(
                     "A value is taken from a flag, else from the environment (MARTLET_URL, DATABASE_URL, "
                     "SUPABASE_DB_URL, PG* and others), else from .env, else from martlet.toml; `martlet config` "
                     "shows each and where it came from. With --env NAME the URL of that environment wins over "
                     "DATABASE_URL. Times are written 250ms, 2s, 5min, 1h.",
                     0, kWidth);
  return text + "\n`martlet help COMMAND` tells more.\n";
}

std::string command_help(const Command& command) {
  std::string text = wrap(command.summary, 0, kWidth);
  text += fmt::format("\nusage: {}\n", usage_line(command));
  if (!command.aliases.empty())
    text += fmt::format("also:  {}\n", fmt::join(command.aliases.begin(), command.aliases.end(), ", "));
  if (!command.details.empty()) text += "\n" + wrap(unbroken(command.details), 0, kWidth);
  if (!command.positionals.empty()) {
    std::vector<Entry> entries;
    for (const Positional& each : command.positionals)
      entries.push_back({std::string(each.name), std::string(each.help)});
    text += "\nArguments:\n" + columns(entries, 30);
  }
  if (!command.options.empty()) text += "\nOptions:\n" + options_text(command.options);
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const std::string_view example : command.examples) text += fmt::format("  {}\n", example);
  return text + "\n`martlet help` lists the options of every command and the exit codes.\n";
}

}  // namespace martlet
