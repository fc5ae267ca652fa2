#include "effects/coercion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace martlet {
namespace {

constexpr int kVarHeader = 4;  // VARHDRSZ: the modifiers of varchar, bpchar and numeric count it

// ── length coercions: does the cast to a new modifier leave every value as it is? ──

bool keeps_length(int before, int after) {
  return before >= 0 && before <= after;
}

bool keeps_bits(int before, int after) {
  return after <= 0 || (before > 0 && before <= after);
}

// numeric_support: as wide a precision, and the very same scale.
bool keeps_numeric(int before, int after) {
  if (after < kVarHeader) return true;
  if (before < kVarHeader) return false;
  const auto precision = [](int modifier) { return (modifier - kVarHeader) >> 16 & 0xFFFF; };
  const auto scale = [](int modifier) { return (((modifier - kVarHeader) & 0x7FF) ^ 1024) - 1024; };
  return scale(before) == scale(after) && precision(after) >= precision(before);
}

// TemporalSimplify; 6 digits are all there are.
bool keeps_seconds(int before, int after) {
  return after < 0 || after >= 6 || (before >= 0 && after >= before);
}

// The least field that an interval's range keeps: 0 seconds, 1 minutes, … 5 years (intervaltypmodleastfield).
int least_interval_field(int modifier) {
  if (modifier < 0) return 0;
  struct Field {
    int bit, rank;
  };
  constexpr std::array<Field, 6> kFields{{{12, 0}, {11, 1}, {10, 2}, {3, 3}, {1, 4}, {2, 5}}};
  const int range = modifier >> 16 & 0x7FFF;
  if (range == 0x7FFF) return 0;
  for (const Field& field : kFields) {
    if (range & 1 << field.bit) return field.rank;
  }
  return 0;
}

bool keeps_interval(int before, int after) {
  if (after < 0) return true;
  const auto precision = [](int modifier) { return modifier < 0 ? 0xFFFF : modifier & 0xFFFF; };
  const int least = least_interval_field(before);
  return least_interval_field(after) <= least &&
         (least > 0 || precision(after) >= 6 || precision(after) >= precision(before));
}

bool never(int, int) {
  return false;
}

// Types whose cast to themselves applies a modifier (pg_cast rows with castsource = casttarget), and what their support
// functions know.
struct LengthCoercion {
  ObjectId type;
  bool (*keeps)(int before, int after);
};
constexpr std::array<LengthCoercion, 10> kLengthCoercions{{{type_id::varchar, keeps_length},
                                                           {type_id::bpchar, never},
                                                           {type_id::bit, never},
                                                           {type_id::varbit, keeps_bits},
                                                           {type_id::numeric, keeps_numeric},
                                                           {type_id::time, keeps_seconds},
                                                           {type_id::timetz, keeps_seconds},
                                                           {type_id::timestamp, keeps_seconds},
                                                           {type_id::timestamptz, keeps_seconds},
                                                           {type_id::interval, keeps_interval}}};

// coerce_type_typmod
void apply_modifier(const Catalog& catalog, CastValue& value, int modifier) {
  if (modifier == value.type.modifier) return;
  const int before = value.type.modifier;
  value.type.modifier = modifier;
  if (modifier < 0) return;
  const auto at = std::ranges::find(kLengthCoercions, value.type.type, &LengthCoercion::type);
  if (at != kLengthCoercions.end()) {
    if (!at->keeps(before, modifier)) value.unchanged = false;
    return;
  }
  const Type* type = catalog.types.get(value.type.type);
  if (!type) return;
  // An array is taken apart and put together again, whatever its elements' coercion does.
  if (type->element) value.unchanged = false;
  if (catalog.cast(value.type.type, value.type.type)) value.unchanged = false;
}

bool is_zone_move(ObjectId source, ObjectId target) {
  return (source == type_id::timestamp && target == type_id::timestamptz) ||
         (source == type_id::timestamptz && target == type_id::timestamp);
}

ObjectId base_id(const Catalog& catalog, ObjectId type) {
  return base_type(catalog, {.type = type}).type;
}

}  // namespace

TypeUse base_type(const Catalog& catalog, TypeUse use) {
  for (const Type* type = catalog.types.get(use.type); type && type->kind == Type::Kind::domain;
       type = catalog.types.get(use.type)) {
    use = type->base;
  }
  return use;
}

bool has_domain_constraints(const Catalog& catalog, ObjectId type_of_value) {
  for (const Type* type = catalog.types.get(type_of_value); type && type->kind == Type::Kind::domain;
       type = catalog.types.get(type->base.type)) {
    if (type->not_null || !type->checks.empty()) return true;
  }
  return false;
}

bool is_domain_not_null(const Catalog& catalog, ObjectId type_of_value) {
  for (const Type* type = catalog.types.get(type_of_value); type && type->kind == Type::Kind::domain;
       type = catalog.types.get(type->base.type)) {
    if (type->not_null) return true;
  }
  return false;
}

CoercionPath find_coercion(const Catalog& catalog, ObjectId source, ObjectId target, char context) {
  source = base_id(catalog, source);
  target = base_id(catalog, target);
  if (source == target) return CoercionPath::relabel;
  const auto strength = [](char of) { return of == 'i' ? 0 : of == 'a' ? 1 : 2; };
  if (const Cast* cast = catalog.cast(source, target)) {
    if (strength(context) < strength(cast->context)) return CoercionPath::none;
    switch (cast->method) {
      case Cast::Method::function:
        return CoercionPath::function;
      case Cast::Method::inout:
        return CoercionPath::input_output;
      case Cast::Method::binary:
        return CoercionPath::relabel;
    }
  }
  const Type* from = catalog.types.get(source);
  const Type* to = catalog.types.get(target);
  if (!from || !to) return CoercionPath::none;
  if (from->element && to->element &&
      find_coercion(catalog, from->element, to->element, context) != CoercionPath::none) {
    return CoercionPath::array;
  }
  if (context != 'i' && to->category == 'S') return CoercionPath::input_output;
  if (context == 'e' && from->category == 'S') return CoercionPath::input_output;
  return CoercionPath::none;
}

namespace {

// coerce_type: to the base type, without its modifier.
void convert(const Catalog& catalog, const SessionState& session, CastValue& value, ObjectId base, bool to_domain,
             CoercionPath path) {
  const ObjectId source = base_id(catalog, value.type.type);
  if (path == CoercionPath::relabel) {
    // coerce_to_domain sees the modifier of the expression as it comes.
    value.type = {.type = base, .modifier = to_domain ? value.type.modifier : -1};
    return;
  }
  const bool same_bits = is_zone_move(source, base) && is_utc(session.time_zone);
  (same_bits ? value.moves_zone : value.unchanged) = same_bits;
  value.type = {.type = base, .modifier = -1};
}

}  // namespace

CastValue coerce(const Catalog& catalog, const SessionState& session, CastValue value, TypeUse target, char context) {
  if (!value.castable) return value;
  if (!value.known || !target.type || !value.type.type) return {.type = target, .unchanged = false, .known = false};
  if (value.type.type == target.type) {
    apply_modifier(catalog, value, target.modifier);
    return value;
  }
  if (value.type.type == type_id::unknown) return {.type = target, .unchanged = false};  // a literal takes any type
  const CoercionPath path = find_coercion(catalog, value.type.type, target.type, context);
  if (path == CoercionPath::none) {
    value.castable = false;
    return value;
  }
  const TypeUse base = base_type(catalog, target);
  const bool to_domain = base.type != target.type;
  convert(catalog, session, value, base.type, to_domain, path);
  apply_modifier(catalog, value, to_domain ? base.modifier : target.modifier);
  if (to_domain) {
    if (has_domain_constraints(catalog, target.type)) value.unchanged = false;
    value.type = {.type = target.type, .modifier = -1};
  }
  return value;
}

bool is_utc(const std::string& time_zone) {
  static constexpr std::array<std::string_view, 10> kNames{"utc",       "gmt",  "uct",   "zulu",  "universal",
                                                           "greenwich", "gmt0", "gmt+0", "gmt-0", "factory"};
  std::string zone = lower(time_zone);
  if (zone.starts_with("posix/")) zone = zone.substr(6);
  if (zone.starts_with("etc/")) zone = zone.substr(4);
  if (std::ranges::find(kNames, zone) != kNames.end()) return true;
  // A POSIX zone without daylight saving, or an offset: letters or <…>, then zeros.
  std::size_t at = 0;
  if (zone.starts_with('<')) {
    at = zone.find('>') == std::string::npos ? zone.size() : zone.find('>') + 1;
  } else {
    while (at < zone.size() && std::isalpha(static_cast<unsigned char>(zone[at]))) ++at;
  }
  const std::string_view offset = std::string_view(zone).substr(at);
  return (at == 0 || at >= 3) && offset.find('0') != std::string_view::npos &&
         offset.find_first_not_of("+-0:.") == std::string_view::npos;
}

namespace {

struct TypeWords {
  std::string_view name, words;
};
// The names that format_type() has for types of the SQL standard.
constexpr std::array<TypeWords, 16> kTypeWords{{{"bit", "bit"},
                                                {"bool", "boolean"},
                                                {"bpchar", "character"},
                                                {"float4", "real"},
                                                {"float8", "double precision"},
                                                {"int2", "smallint"},
                                                {"int4", "integer"},
                                                {"int8", "bigint"},
                                                {"numeric", "numeric"},
                                                {"interval", "interval"},
                                                {"time", "time without time zone"},
                                                {"timetz", "time with time zone"},
                                                {"timestamp", "timestamp without time zone"},
                                                {"timestamptz", "timestamp with time zone"},
                                                {"varbit", "bit varying"},
                                                {"varchar", "character varying"}}};

}  // namespace

std::string type_text(const Catalog& catalog, TypeUse use) {
  const Type* type = catalog.types.get(use.type);
  if (!type) return "???";
  if (type->element) return type_text(catalog, {.type = type->element, .modifier = use.modifier}) + "[]";
  if (type->schema != "pg_catalog") return type->name;
  const auto at = std::ranges::find(kTypeWords, type->name, &TypeWords::name);
  std::string text = at == kTypeWords.end() ? type->name : std::string(at->words);
  if (use.modifier < 0) return text;
  if (use.type == type_id::varchar || use.type == type_id::bpchar) {
    return fmt::format("{}({})", text, use.modifier - kVarHeader);
  }
  if (use.type == type_id::numeric) {
    const int modifier = use.modifier - kVarHeader;
    return fmt::format("{}({},{})", text, modifier >> 16 & 0xFFFF, ((modifier & 0x7FF) ^ 1024) - 1024);
  }
  return text;
}

}  // namespace martlet
