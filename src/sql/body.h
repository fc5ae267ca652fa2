// What the bodies of DO, CREATE FUNCTION and CREATE PROCEDURE do: their statements, with places in the file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/nodes.h"
#include "sql/plpgsql.h"
#include "sql/statement.h"

namespace martlet {

struct BodyPart {
  PlpgsqlPart::Kind kind = PlpgsqlPart::Kind::statement;
  /// Its text, and where it stands in the file (only the body's line where the body is a literal with escapes).
  Statement statement;
  std::string target;    // of an assignment
  int loops = 0;         // that it stands in
  int conditions = 0;    // IF, CASE and EXCEPTION handlers that it stands in
  bool dynamic = false;  // a statement that EXECUTE runs, whose text is constant
};

struct Body {
  std::string language;  // "plpgsql", "sql", …, lower case
  std::vector<BodyPart> parts;
  std::string problem;  // what keeps it from being read, "" = nothing
};

/// The body of a DO, CREATE FUNCTION or CREATE PROCEDURE; nullopt for every other statement and for a routine that has
/// none. Bodies in other languages than plpgsql and sql have no parts. Never throws for what stands in a body.
std::optional<Body> open_body(const Statement& statement, const Node& node);

/// What EXECUTE would run, as far as its expression says.
struct DynamicText {
  /// constant: only literals; format: format() with a constant pattern; joined: || of literals and other things;
  /// opaque: anything else.
  enum class Form { constant, format, joined, opaque };
  Form form = Form::opaque;
  /// The SQL, with the word `name_at_run_time` or the literal 'value_at_run_time' in the place of what is known only
  /// then; "" for opaque.
  std::string sql;
  /// What is put into it as it is (%s, ||), without quote_ident, quote_literal, quote_nullable or a cast to a number or
  /// regclass: the expressions.
  std::vector<std::string> raw;
};
DynamicText read_dynamic(const std::string& expression);

}  // namespace martlet
