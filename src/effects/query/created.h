// Tables and views that are made from a query.
#pragma once

#include "effects/query/reader.h"

namespace martlet {

/// CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW: the relation with the query's columns. The query was read
/// before.
void make_from_query(QueryReader& reader, const PgQuery__IntoClause& into, const PgQuery__SelectStmt& query,
                     RelationKind kind, bool if_not_exists);

}  // namespace martlet
