// How PostgreSQL gets from one type to another, and whether stored values stay as they are (PostgreSQL 15,
// parse_coerce.c; the support functions of the length coercions in varchar.c, varbit.c, numeric.c, date.c,
// timestamp.c).
#pragma once

#include <string>

#include "effects/session_state.h"
#include "schema/catalog.h"

namespace martlet {

/// pg_type's OIDs, fixed by PostgreSQL's sources (pg_type.dat).
namespace type_id {
inline constexpr ObjectId boolean = 16, bytea = 17, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25, oid = 26,
                          json = 114, float4 = 700, float8 = 701, unknown = 705, inet = 869, bpchar = 1042,
                          varchar = 1043, date = 1082, time = 1083, timestamp = 1114, timestamptz = 1184,
                          interval = 1186, timetz = 1266, bit = 1560, varbit = 1562, numeric = 1700, cidr = 650;
}  // namespace type_id

enum class CoercionPath { none, relabel, function, array, input_output };

/// How a value of one type becomes one of another in a context: 'i' implicit, 'a' assignment, 'e' explicit
/// (find_coercion_pathway).
CoercionPath find_coercion(const Catalog& catalog, ObjectId source, ObjectId target, char context);

/// The type below all domains, with the modifier they give it.
TypeUse base_type(const Catalog& catalog, TypeUse use);
/// Has the domain, or one below it, a CHECK or NOT NULL?
bool has_domain_constraints(const Catalog& catalog, ObjectId type);
/// NOT NULL, of the domain or one below it.
bool is_domain_not_null(const Catalog& catalog, ObjectId type);

/// A value on its way through casts.
struct CastValue {
  TypeUse type;             // as the expression shows it (exprType, exprTypmod)
  bool unchanged = true;    // the stored bits are those of the column it began with (ATColumnChangeRequiresRewrite)
  bool known = true;        // false: a type on the way is not known
  bool castable = true;     // false: the server finds no cast
  bool moves_zone = false;  // unchanged because the session's time zone is UTC
};

/// Coerces it as coerce_to_target_type does.
CastValue coerce(const Catalog& catalog, const SessionState& session, CastValue value, TypeUse target, char context);

/// A zone whose offset is zero and always was, so that timestamp and timestamptz have the same bits.
bool is_utc(const std::string& time_zone);

/// "character varying(10)", as format_type() says it.
std::string type_text(const Catalog& catalog, TypeUse use);

}  // namespace martlet
