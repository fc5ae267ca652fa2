// What the catalog knows beside relations: types, casts, functions, schemas, extensions.
#pragma once

#include <string>
#include <vector>

#include "schema/relation.h"

namespace martlet {

struct Type {
  enum class Kind { base, enumeration, domain, composite, range, multirange, pseudo };
  ObjectId id = 0;
  std::string schema, name;  // pg_type's own: "int4", "varchar", "_int4"
  Kind kind = Kind::base;
  char category = 'U';              // typcategory
  bool preferred = false;           // typispreferred, in its category
  int length = -1;                  // typlen; -1 = variable
  ObjectId element = 0;             // of a true array
  ObjectId array = 0;               // the array of this type
  TypeUse base;                     // of a domain
  bool not_null = false;            // of a domain
  std::vector<Constraint> checks;   // of a domain, its own; the base's are asked through `base`
  std::vector<std::string> labels;  // of an enum, in order
  ObjectId relation = 0;            // of a composite
  bool collatable = false;
  ObjectId extension = 0;  // that it belongs to
  std::string owner;
  std::string default_sql;  // of a domain; "" = none
  ObjectId subtype = 0;     // of a range; of a multirange: its range
  char storage = 'p';       // typstorage: what a column of it begins with
};

struct Cast {
  ObjectId source = 0, target = 0;
  enum class Method { function, binary, inout } method = Method::function;
  char context = 'e';  // e explicit, a assignment, i implicit
  ObjectId function = 0;
};

struct Function {
  enum class Kind { function, procedure, aggregate, window };
  ObjectId id = 0;
  std::string schema, name;
  Kind kind = Kind::function;
  std::vector<ObjectId> arguments;  // input types
  int defaults = 0;                 // how many of the last ones may be left out
  bool variadic = false;
  ObjectId returns = 0;
  bool returns_set = false;
  Volatility volatility = Volatility::volatile_;
  bool security_definer = false;
  bool sets_search_path = false;
  std::string language;
  std::string body;             // of SQL and PL/pgSQL functions that are not built in
  std::vector<ColumnUse> uses;  // of a BEGIN ATOMIC body
  ObjectId extension = 0;       // that it belongs to
  bool strict = false;
  std::string owner;
  std::vector<std::string> argument_names;  // of all arguments, OUT ones included; "" where one has none
  std::string argument_modes;               // a letter for each of those (i, o, b, v, t); "" = all are IN
};

struct Operator {
  ObjectId id = 0;
  std::string schema, name;
  ObjectId left = 0;  // 0: a prefix operator
  ObjectId right = 0;
  ObjectId result = 0;
  ObjectId function = 0;
};

struct OperatorClass {
  ObjectId id = 0;
  std::string schema, name;
  std::string method;  // "btree"
  std::string family;
  ObjectId type = 0;        // that it is made for (opcintype)
  bool is_default = false;  // for that type
  ObjectId extension = 0;   // that it belongs to
};

struct Schema {
  ObjectId id = 0;
  std::string schema;  // always "": a schema is in none
  std::string name;
  std::string owner;
};

/// What is only known to exist: roles, tablespaces, collations, languages, …
struct OtherObject {
  ObjectId id = 0;
  std::string schema;  // "" for kinds that are in none
  std::string name;
  std::string kind;  // as DROP says it, lower case: "role", "foreign data wrapper", "text search configuration"
  std::string owner;
  bool superuser = false;   // of a role
  bool all_tables = false;  // of a publication
  std::string wrapper;      // of a server: its foreign data wrapper
  bool has_handler = true;  // of a foreign data wrapper: without one no foreign table can be read
};

struct Extension {
  ObjectId id = 0;
  std::string schema;  // always "": an extension is in none
  std::string name;
  std::string home;  // the schema its objects are in
  std::string version;
  bool relocatable = true;  // ALTER EXTENSION … SET SCHEMA moves its objects
};

}  // namespace martlet
