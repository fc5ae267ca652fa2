// Serial columns: a default that draws from a sequence which the column owns.
#pragma once

#include <string>

#include "effects/execution.h"

namespace martlet {

/// Does the default call nextval() for this sequence, by a constant name?
bool draws_from(Execution& execution, const std::string& default_sql, const Relation& sequence);

/// Notes whether the column is one (Column::owned_sequence), after its default or the owner of a sequence has changed.
/// An identity column keeps its sequence.
void note_serial(Execution& execution, ObjectId table, int column);

}  // namespace martlet
