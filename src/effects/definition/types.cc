// TypeName → TypeUse, with the modifier that the type's own input function would give (…typmodin in utils/adt).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "effects/definition.h"
#include "effects/lookup.h"

namespace martlet {
namespace {

constexpr int kHeader = 4;  // VARHDRSZ
constexpr int kFullRange = 0x7FFF;
constexpr int kFullPrecision = 0xFFFF;

struct Serial {
  std::string_view name, integer;
};
constexpr std::array<Serial, 6> kSerials{{{"serial", "int4"},
                                          {"serial4", "int4"},
                                          {"bigserial", "int8"},
                                          {"serial8", "int8"},
                                          {"smallserial", "int2"},
                                          {"serial2", "int2"}}};

const Serial* serial_of(const PgQuery__TypeName& name) {
  if (name.n_names != 1 || name.pct_type) return nullptr;
  const auto at = std::ranges::find(kSerials, string_value(name.names[0]), &Serial::name);
  return at == kSerials.end() ? nullptr : &*at;
}

std::optional<int> integer_constant(const Node* node) {
  if (!node || node->node_case != PG_QUERY__NODE__NODE_A_CONST) return std::nullopt;
  const PgQuery__AConst& constant = *node->a_const;
  if (constant.isnull || constant.val_case != PG_QUERY__A__CONST__VAL_IVAL) return std::nullopt;
  return constant.ival->ival;
}

std::string written(const PgQuery__TypeName& name) {
  std::string text;
  for (const Node* part : list(name.n_names, name.names)) {
    if (!text.empty()) text += '.';
    text += string_value(part);
  }
  return text;
}

int character_modifier(const Execution& execution, std::string_view type, int length) {
  if (length < 1) execution.fail("22023", fmt::format("length for type {} must be at least 1", type));
  return length + kHeader;
}

int numeric_modifier(const Execution& execution, int precision, int scale) {
  if (precision < 1 || precision > 1000) {
    execution.fail("22023", fmt::format("NUMERIC precision {} must be between 1 and 1000", precision));
  }
  if (scale < -1000 || scale > 1000) {
    execution.fail("22023", fmt::format("NUMERIC scale {} must be between -1000 and 1000", scale));
  }
  return ((precision << 16) | (scale & 0x7FF)) + kHeader;
}

// PostgreSQL takes 6 where more is asked for (timestamp.c, anytimestamp_typmod_check).
int time_precision(int asked) {
  return std::clamp(asked, 0, 6);
}

int modifier(const Execution& execution, const Type& type, const std::vector<int>& given) {
  if (given.empty()) return -1;
  const bool built_in = type.schema == "pg_catalog";
  if (!built_in) return given.front();
  if (type.name == "varchar") return character_modifier(execution, "varchar", given[0]);
  if (type.name == "bpchar") return character_modifier(execution, "char", given[0]);
  if (type.name == "numeric") return numeric_modifier(execution, given[0], given.size() > 1 ? given[1] : 0);
  if (type.name == "interval") {
    const int precision = given.size() > 1 ? time_precision(given[1]) : kFullPrecision;
    if (given[0] == kFullRange && given.size() == 1) return -1;
    return ((given[0] & 0x7FFF) << 16) | (precision & 0xFFFF);
  }
  if (type.name.starts_with("time")) return time_precision(given[0]);
  return given[0];
}

// table.column%TYPE
TypeUse column_type(Execution& execution, const PgQuery__TypeName& name) {
  if (name.n_names < 2) execution.fail("42601", "improper %TYPE reference (too few dotted names)");
  const QualifiedName table = qualified_name(name.n_names - 1, name.names);
  const ObjectId id = execution.relation(table).id;
  const int number = column_number(execution, id, string_value(name.names[name.n_names - 1]));
  return execution.catalog.relations.get(id)->column(number)->type;
}

TypeUse element_type(Execution& execution, const PgQuery__TypeName& name) {
  QualifiedName wanted = qualified_name(name.n_names, name.names);
  if (const Serial* serial = serial_of(name)) wanted = {"pg_catalog", std::string(serial->integer)};
  const Type* type = find_type(execution, wanted);
  if (!type) {
    if (execution.catalog.complete) execution.fail("42704", fmt::format("type \"{}\" does not exist", written(name)));
    return {};
  }
  std::vector<int> given;
  for (const Node* each : list(name.n_typmods, name.typmods)) {
    if (const std::optional<int> number = integer_constant(each)) given.push_back(*number);
  }
  return {type->id, modifier(execution, *type, given)};
}

}  // namespace

bool is_serial(const PgQuery__TypeName& name) {
  return serial_of(name) != nullptr;
}

const Type* find_type(const Execution& execution, const PgQuery__TypeName& name) {
  return find_type(execution, qualified_name(name.n_names, name.names));
}

TypeUse resolve_type(Execution& execution, const PgQuery__TypeName& name) {
  TypeUse use = name.pct_type ? column_type(execution, name) : element_type(execution, name);
  if (name.n_array_bounds == 0 || use.type == 0) return use;
  const Type* element = execution.catalog.types.get(use.type);
  use.type = element ? element->array : 0;
  return use;
}

}  // namespace martlet
