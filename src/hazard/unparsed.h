// A statement that PostgreSQL 15's grammar refuses: wrong, or newer than the grammar?
#pragma once

#include "hazard/hazard.h"

namespace martlet {

enum class Unparsed { no, wrong, newer };
/// Newer where the server is newer than the grammar, or where the file says so by `-- martlet:allow not-analysed`.
Unparsed unparsed(const Case& at);
/// Where the parser stopped, as a byte of the statement's text; -1 = not known.
int stopped_at(const Case& at);

}  // namespace martlet
