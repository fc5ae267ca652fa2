#include "cli/effects_cases.h"

#include <unistd.h>

#include <iostream>
#include <iterator>

#include "base/files.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::string_view kStandardInput = "standard input";

EffectsCase make_case(std::string_view text, const std::string& source, int line) {
  EffectsCase made{.text = std::string(trim(text))};
  try {
    made.statements = split({made.text, source, line}, Dialect::postgres);
  } catch (const Error& problem) {
    made.problem = problem;
  }
  return made;
}

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

EffectsCases from_lines(const std::string& text) {
  EffectsCases found;
  int number = 0;
  for (const std::string& line : split_lines(text)) {
    EffectsCase one = make_case(line, std::string(kStandardInput), ++number);
    if (!one.statements.empty() || one.problem) found.cases.push_back(std::move(one));
  }
  return found;
}

EffectsCases from_file(const std::string& name) {
  const bool is_input = name == "-";
  SourceText source{is_input ? read_standard_input() : read_file(name), is_input ? std::string(kStandardInput) : name};
  EffectsCases found{.in_sequence = true};
  for (Statement& statement : split(source, Dialect::postgres)) {
    EffectsCase one{.text = statement.text};
    one.statements.push_back(std::move(statement));
    found.cases.push_back(std::move(one));
  }
  return found;
}

EffectsCases from_arguments(const std::vector<std::string>& arguments) {
  EffectsCases found;
  for (const std::string& each : arguments) {
    EffectsCase one = make_case(each, "", 1);
    if (!one.statements.empty() || one.problem) found.cases.push_back(std::move(one));
  }
  return found;
}

EffectsCases read_all(const Arguments& arguments) {
  const std::vector<std::string>& given = arguments.positionals();
  if (arguments.has("file")) {
    if (given.empty()) return from_file(arguments.text("file"));
    throw Error(ErrorKind::usage, "statements and --file were both given").next("give one of them");
  }
  if (given.empty() && isatty(STDIN_FILENO)) {
    throw Error(ErrorKind::usage, "effects needs statements")
        .next("e.g. `martlet effects \"ALTER TABLE t ADD COLUMN z int\"`, or --file FILE");
  }
  const bool reads_input = given.empty() || (given.size() == 1 && given.front() == "-");
  return reads_input ? from_lines(read_standard_input()) : from_arguments(given);
}

}  // namespace

EffectsCases read_effects_cases(const Arguments& arguments) {
  EffectsCases found = read_all(arguments);
  if (found.cases.empty()) {
    throw Error(ErrorKind::usage, "there is no statement to look at").next("see `martlet help effects`");
  }
  return found;
}

}  // namespace martlet
