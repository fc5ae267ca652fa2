// Which relations a statement takes that says what it is about: ALTER INDEX, COMMENT ON VIEW, …
#pragma once

#include "effects/execution.h"

namespace martlet {

/// The kind of relation that a statement names with this word; a table where it names none.
RelationKind named_kind(PgQuery__ObjectType type);
/// "a table", "an index", …: as the server's messages say it.
std::string_view named_kind_words(PgQuery__ObjectType type);

/// Fails with 42501 for a system catalog, which nobody may change (catalog.c, IsSystemClass).
void require_no_catalog(const Execution& execution, const Relation& relation);

/// What is done to a relation by ALTER.
enum class AlterForm { sub_command, rename, set_schema };
/// Fails where ALTER … does not take this relation: a system catalog, or another kind than it may be (tablecmds.c,
/// RangeVarCallbackForAlterRelation). Whatever is a relation may be renamed by ALTER TABLE and by ALTER INDEX.
void require_altered_kind(const Execution& execution, const Relation& relation, PgQuery__ObjectType type,
                          AlterForm form);

/// Fails with 42809 where the relation is not exactly what the statement says (objectaddress.c,
/// get_relation_by_qualified_name): to COMMENT ON TABLE a view is none.
void require_exact_kind(const Execution& execution, const Relation& relation, PgQuery__ObjectType type);

}  // namespace martlet
