#include "schema/builtin.h"

#include <algorithm>

#include "schema/letters.h"

namespace martlet {
namespace {

using Row = SourceTable::Row;

bool truth(std::string_view field) {
  return field == "t";
}

// Calls `visit` with each part of a comma-separated field.
template <class Visit>
void each_part(std::string_view field, const Visit& visit) {
  while (!field.empty()) {
    const std::string_view part = field.substr(0, field.find(','));
    visit(part);
    field.remove_prefix(std::min(part.size() + 1, field.size()));
  }
}

const SourceTable& types_table() {
  static const SourceTable kTable(builtin_file("types"));
  return kTable;
}

ObjectId type_id(std::string_view field) {
  if (field.empty()) return 0;
  const auto [schema, name] = name_field(field);
  const auto [first, last] = types_table().named(schema, name);
  return first == last ? 0 : id_field(types_table().row(first)[0]);
}

Type make_type(const Row& row) {
  const auto [schema, name] = name_field(row[1]);
  Type type{.id = id_field(row[0]), .schema = std::string(schema), .name = std::string(name)};
  type.kind = type_kind(row[2].front());
  type.category = row[3].front();
  type.length = number_field(row[4]);
  type.element = type_id(row[5]);
  type.array = type_id(row[6]);
  type.base.type = type_id(row[7]);
  type.collatable = truth(row[8]);
  type.preferred = truth(row[9]);
  type.storage = row[10].front();
  return type;
}

Function make_function(const Row& row) {
  const auto [schema, name] = name_field(row[1]);
  Function function{.id = id_field(row[0]), .schema = std::string(schema), .name = std::string(name)};
  function.kind = function_kind(row[2].front());
  function.volatility = volatility(row[3].front());
  function.returns = type_id(row[4]);
  function.returns_set = truth(row[5]);
  each_part(row[6], [&](std::string_view argument) { function.arguments.push_back(type_id(argument)); });
  function.defaults = number_field(row[7]);
  function.variadic = truth(row[8]);
  function.language = "internal";
  return function;
}

Operator make_operator(const Row& row) {
  return {.id = id_field(row[0]),
          .schema = "pg_catalog",
          .name = std::string(row[1]),
          .left = type_id(row[2]),
          .right = type_id(row[3]),
          .result = type_id(row[4]),
          .function = id_field(row[5])};
}

OperatorClass make_operator_class(const Row& row) {
  return {.id = id_field(row[0]),
          .schema = "pg_catalog",
          .name = std::string(row[1]),
          .method = std::string(row[2]),
          .family = std::string(row[3]),
          .type = type_id(row[4]),
          .is_default = truth(row[5])};
}

// "name type!"
Column make_column(int number, std::string_view part) {
  Column column{.number = number};
  const std::size_t space = part.find(' ');
  column.name = std::string(part.substr(0, space));
  part.remove_prefix(space + 1);
  column.not_null = part.ends_with('!');
  if (column.not_null) part.remove_suffix(1);
  column.type.type = type_id(part);
  return column;
}

Relation make_relation(const Row& row) {
  const auto [schema, name] = name_field(row[1]);
  Relation relation{.id = id_field(row[0]), .schema = std::string(schema), .name = std::string(name)};
  relation.kind = row[2] == "v" ? RelationKind::view : RelationKind::table;
  if (relation.kind == RelationKind::view) relation.view.emplace();
  relation.owner = "postgres";
  int number = 0;
  each_part(row[3], [&](std::string_view part) { relation.columns.push_back(make_column(++number, part)); });
  return relation;
}

const SourceTable& functions_table() {
  static const SourceTable kTable(builtin_file("functions"));
  return kTable;
}

const SourceTable& operators_table() {
  static const SourceTable kTable(builtin_file("operators"));
  return kTable;
}

const SourceTable& operator_classes_table() {
  static const SourceTable kTable(builtin_file("operator_classes"));
  return kTable;
}

const SourceTable& relations_table() {
  static const SourceTable kTable(builtin_file("relations"));
  return kTable;
}

Cast make_cast(const Row& row) {
  Cast cast{.source = type_id(row[0]), .target = type_id(row[1])};
  cast.method = row[2] == "f" ? Cast::Method::function : row[2] == "b" ? Cast::Method::binary : Cast::Method::inout;
  cast.context = row[3].front();
  cast.function = id_field(row[4]);
  return cast;
}

}  // namespace

const Source<Relation>& builtin_relations() {
  static const Source<Relation> kSource{relations_table, make_relation};
  return kSource;
}

const Source<Type>& builtin_types() {
  static const Source<Type> kSource{types_table, make_type};
  return kSource;
}

const Source<Function>& builtin_functions() {
  static const Source<Function> kSource{functions_table, make_function};
  return kSource;
}

const Source<Operator>& builtin_operators() {
  static const Source<Operator> kSource{operators_table, make_operator};
  return kSource;
}

const Source<OperatorClass>& builtin_operator_classes() {
  static const Source<OperatorClass> kSource{operator_classes_table, make_operator_class};
  return kSource;
}

std::vector<Cast> builtin_casts() {
  static const SourceTable kTable(builtin_file("casts"));
  std::vector<Cast> casts;
  for (std::size_t at = 0; at < kTable.size(); ++at) casts.push_back(make_cast(kTable.row(at)));
  return casts;
}

}  // namespace martlet
