// The statements inside a PL/pgSQL body. Read with the light lexer and not with libpg_query's PL/pgSQL parser, which
// gives no positions, refuses valid bodies (RETURNS TABLE columns that are assigned to) and aborts the process on a
// function without a body.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// One thing a body does, in the order in which it is written.
struct PlpgsqlPart {
  enum class Kind {
    statement,   // static SQL; the targets of INTO are blanked out, PERFORM is SELECT
    dynamic,     // the expression of EXECUTE, also of FOR … IN EXECUTE, RETURN QUERY EXECUTE and OPEN … FOR EXECUTE
    assignment,  // the value given to `target`
    condition,   // of IF, ELSIF, WHILE, WHEN, EXIT WHEN
    result,      // of RETURN, RETURN NEXT
    transaction,  // COMMIT, ROLLBACK
  };
  Kind kind = Kind::statement;
  std::string text;
  std::string target;      // of an assignment, as written: "NEW.email"
  std::size_t offset = 0;  // of its first byte in the body
  int loops = 0;           // that it stands in
  int conditions = 0;      // IF, CASE and EXCEPTION handlers that it stands in
};

struct PlpgsqlBody {
  std::vector<PlpgsqlPart> parts;
  std::string problem;  // what keeps it from being a whole body, "" = nothing: `LOOP is not closed`
};

/// Reads a body in one pass, without recursion, at a cost linear in its length; never throws. SQL inside is not parsed.
PlpgsqlBody read_plpgsql(std::string_view body);

}  // namespace martlet
