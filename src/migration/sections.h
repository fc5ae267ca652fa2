// A file's up, down and contract parts.
#pragma once

#include "migration/migration.h"

namespace martlet {

/// Cuts a file at `-- martlet:down` and `-- martlet:contract`, keeping line numbers, and sets everything that its
/// directives and header say. Throws Error{validation} for a section that comes twice and for what find_directives and
/// apply_directive refuse.
void read_sections(SourceText whole, Migration& migration);

/// Makes a file of its own the down part, with its directives. Throws Error{validation} for `-- martlet:down` or
/// `-- martlet:contract` in it.
void read_down_file(SourceText whole, Migration& migration);

}  // namespace martlet
