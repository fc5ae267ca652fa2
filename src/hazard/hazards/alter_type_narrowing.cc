#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "effects/coercion.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

// How much a number of each type holds, least first.
constexpr std::array kNumbers{type_id::int2,   type_id::int4,   type_id::int8,
                              type_id::float4, type_id::float8, type_id::numeric};

bool is_text(ObjectId type) {
  return type == type_id::text || type == type_id::varchar || type == type_id::bpchar;
}

// Of varchar(n), char(n), varbit(n), numeric(p, s): -1 = no limit.
int limit_of(TypeUse use) {
  if (use.type == type_id::text) return -1;
  if (use.modifier < 0) return -1;
  const bool is_counted = is_text(use.type);
  if (!is_counted && use.type != type_id::numeric) return use.modifier;
  const int modifier = use.modifier - 4;                                          // VARHDRSZ
  return is_counted ? modifier : (modifier >> 16 & 0xFFFF) - (modifier & 0x7FF);  // digits before the point
}

bool is_narrower(TypeUse from, TypeUse to) {
  const int before = limit_of(from);
  const int after = limit_of(to);
  return after >= 0 && (before < 0 || after < before);
}

bool may_not_fit(const Catalog& catalog, TypeUse from, TypeUse to) {
  const auto source = std::ranges::find(kNumbers, from.type);
  const auto target = std::ranges::find(kNumbers, to.type);
  if (source != kNumbers.end() && target != kNumbers.end()) {
    return target < source || (from.type == to.type && is_narrower(from, to)) ||
           (from.type != type_id::numeric && to.type == type_id::numeric && to.modifier >= 0);
  }
  if (is_text(from.type)) return is_text(to.type) ? is_narrower(from, to) : to.type != type_id::bytea;
  const Type* type = catalog.types.get(to.type);
  const bool is_bits = from.type == to.type && (to.type == type_id::varbit || to.type == type_id::bit);
  return (is_bits && is_narrower(from, to)) || (type && type->kind == Type::Kind::enumeration);
}

void check(const Case& at, Findings& found) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType, [&](const auto& command, const Relation& table) {
    const Relation* after = at.catalog.relations.get(table.id);
    const Column* now = after ? after->column(std::string_view(command.name)) : nullptr;
    const Column* before = table.column(std::string_view(command.name));
    if (!now || !before || !impact_on(at, table).rewrite) return;
    if (!may_not_fit(at.catalog, base_type(at.catalog, before->type), base_type(at.catalog, now->type))) return;
    HazardFinding& finding = found.add(
        at,
        fmt::format("a value of {}.{} that does not fit into {} makes the statement fail: it was {}", shown(at, table),
                    before->name, type_text(at.catalog, now->type), type_text(at.catalog, before->type)),
        command.def->column_def->location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "alter-type-narrowing",
    .severity = Hazard::Severity::error,
    .summary = "ALTER COLUMN … TYPE to a type that not every value fits into",
    .why = "The first value that does not fit makes the statement fail, after it has held ACCESS EXCLUSIVE "
           "for as long as it took to get there. An explicit cast to varchar(n) cuts values off instead, "
           "silently.",
    .safe_form = "Find the values that do not fit first. A second column shows them before anything is locked: rows "
                 "that cannot be converted stay behind in the batches.",
    .recipe = "change-type",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
