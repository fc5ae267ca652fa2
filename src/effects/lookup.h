// Finding what a statement names: functions, types, objects of all kinds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/execution.h"

namespace martlet {

/// Calls `visit` with each schema an unqualified name is looked for in, or with the one that is written, until it says
/// true.
template <class Visit>
void each_schema(const Execution& execution, const std::string& written, const Visit& visit) {
  if (!written.empty()) return static_cast<void>(visit(written));
  if (visit(std::string("pg_catalog"))) return;
  for (const std::string& schema : execution.session.search_path) {
    if (visit(schema == "$user" ? execution.session.user : schema)) return;
  }
}

/// The type of this name by the search path.
const Type* find_type(const Execution& execution, const QualifiedName& name);
/// The same; fails with 42704 where a complete catalog has none. nullptr where nobody asked a database.
const Type* require_type(const Execution& execution, const QualifiedName& name);

/// Fails with 42809 where the type is made with something else, which has to be altered instead: a table's row type, an
/// array.
void require_own_type(const Execution& execution, const Type& type);

/// The function, procedure or aggregate with these argument types (any one where none are written). nullptr where there
/// is none, or more than one that could be meant.
const Function* find_function(Execution& execution, const PgQuery__ObjectWithArgs& name);
/// The one with exactly these argument types.
const Function* find_function(const Execution& execution, const QualifiedName& name,
                              const std::vector<ObjectId>& arguments);
/// "f(integer, text)", as errors name it.
std::string function_text(const PgQuery__ObjectWithArgs& name);

/// A role, publication, language, …: the kind as DROP says it. nullptr where there is none, or where nobody asked a
/// database.
const OtherObject* find_other(const Execution& execution, std::string_view kind, const QualifiedName& name);

/// The relation that has the extended statistics of this name; nullptr where there is none.
const Relation* find_statistics(const Execution& execution, const QualifiedName& name);

/// Fails with 3F000 where a complete catalog has no such schema.
void require_schema(const Execution& execution, std::string_view schema);

/// Fails with 42704 where a complete catalog has no such role; CURRENT_USER and the like are roles.
void require_role(const Execution& execution, const PgQuery__RoleSpec& role);
/// Its name: of CURRENT_USER and the like the session's user.
std::string role_name(const Execution& execution, const PgQuery__RoleSpec& role);

/// The object's kind as DROP says it: "foreign data wrapper".
std::string_view object_words(PgQuery__ObjectType type);

/// false: casts, operators and the like, of which the model keeps no names.
bool is_known_by_name(PgQuery__ObjectType type);

/// A name in SQL: of a sequence in nextval('…').
QualifiedName written_name(const std::string& sql);

/// The name in a node that is a String, a List of Strings, a TypeName, a RangeVar or an ObjectWithArgs.
QualifiedName object_name(const Node& node);

}  // namespace martlet
