#include "migration/sections.h"

#include <fmt/format.h>

#include "migration/directive.h"
#include "migration/header.h"

namespace martlet {
namespace {

bool begins_section(const Directive& directive) {
  return directive.name == "down" || directive.name == "contract";
}

// The bytes from `from` up to the next section, as a text whose lines keep their numbers.
SourceText part(const SourceText& whole, const std::vector<DirectiveLine>& lines, std::size_t index) {
  std::size_t end = whole.text.size();
  for (std::size_t next = index + 1; next < lines.size(); ++next) {
    if (!begins_section(lines[next].directive)) continue;
    end = lines[next].begin;
    break;
  }
  const std::size_t begin = lines[index].end;
  return {whole.text.substr(begin, end - begin), whole.file, lines[index].directive.place.line + 1};
}

void put_section(const SourceText& whole, const std::vector<DirectiveLine>& lines, std::size_t index,
                 Migration& migration) {
  const Directive& directive = lines[index].directive;
  std::optional<SourceText>& section = directive.name == "down" ? migration.down : migration.contract;
  if (section) {
    throw Error(ErrorKind::validation, fmt::format("a second `-- martlet:{}` section", directive.name))
        .at(directive.place)
        .next(fmt::format("keep one; the first begins at line {}", section->first_line - 1));
  }
  section = part(whole, lines, index);
}

}  // namespace

void read_sections(SourceText whole, Migration& migration) {
  migration.header = read_header(whole.text);
  const std::vector<DirectiveLine> lines = find_directives(whole);
  Section section = Section::up;
  std::size_t up_end = whole.text.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Directive& directive = lines[i].directive;
    apply_directive(directive, section, migration);
    migration.directives.push_back(directive);
    if (!begins_section(directive)) continue;
    up_end = std::min(up_end, lines[i].begin);
    section = directive.name == "down" ? Section::down : Section::contract;
    put_section(whole, lines, i, migration);
  }
  migration.up = std::move(whole);
  migration.up.text.resize(up_end);
}

void read_down_file(SourceText whole, Migration& migration) {
  for (const DirectiveLine& line : find_directives(whole)) {
    if (begins_section(line.directive)) {
      throw Error(ErrorKind::validation,
                  fmt::format("`-- martlet:{}` in a file that is a down part already", line.directive.name))
          .at(line.directive.place)
          .next("remove the directive, or move the section to the migration's own file");
    }
    apply_directive(line.directive, Section::down, migration);
    migration.directives.push_back(line.directive);
  }
  migration.down = std::move(whole);
}

}  // namespace martlet
