// `-- martlet:NAME …` lines: which there are, what they want, and what they set on a migration.
#pragma once

#include <string_view>
#include <vector>

#include "migration/migration.h"

namespace martlet {

/// The part of a file in which a directive stands.
enum class Section { up, down, contract };

struct DirectiveKind {
  std::string_view name;
  std::string_view form;     // how it is written, shown in errors and documentation
  std::string_view summary;  // one line
  /// Checks the arguments and sets what the directive says; throws Error{validation} for wrong ones.
  void (*apply)(const Directive& directive, Section section, Migration& migration);
};

/// All directives, by name.
const std::vector<DirectiveKind>& directive_kinds();

/// A directive and the bytes of its line in the text that was searched (`end` = past the line end).
struct DirectiveLine {
  Directive directive;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The directives of a text, in order. A directive has a line of its own; white space may precede it. Quoted bodies are
/// searched too. Throws Error{validation} for an unknown name (with the nearest one), a name in capitals, or a
/// directive behind SQL on the same line.
std::vector<DirectiveLine> find_directives(const SourceText& source);

/// `-- martlet:contract wait=14d`: how long its phases are apart; nullopt where it does not say.
std::optional<Milliseconds> contract_wait(const Migration& migration);

/// Applies one directive of a section to a migration. Throws Error{validation} for wrong arguments.
void apply_directive(const Directive& directive, Section section, Migration& migration);

}  // namespace martlet
