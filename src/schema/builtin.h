// What every PostgreSQL 15 database is born with, from the files in builtin/: objects are made when they are asked for,
// because a statement needs a dozen of four thousand.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/objects.h"
#include "schema/source.h"

namespace martlet {

/// The text of builtin/<name>.tsv.
std::string_view builtin_file(std::string_view name);

const Source<Relation>& builtin_relations();
const Source<Type>& builtin_types();
const Source<Function>& builtin_functions();
const Source<Operator>& builtin_operators();
const Source<OperatorClass>& builtin_operator_classes();
std::vector<Cast> builtin_casts();

}  // namespace martlet
