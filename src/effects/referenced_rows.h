// Validating a foreign key: is the other table read from end to end, or looked into by its index?
#pragma once

#include "schema/relation.h"

namespace martlet {

/// The server asks for rows of `referring` without a row in `target` (ri_triggers.c, RI_Initial_Check). Its planner
/// reads both tables once, or looks each referring row up by the key's index where there are few. By the costs of
/// costsize.c with its default settings and what the catalog says about sizes; what nobody knows is large.
bool reads_referenced(const Relation& referring, const Relation& target);

}  // namespace martlet
