// What DEFAULT, CHECK, COLLATE and REFERENCES may say of a column.
#include <fmt/format.h>

#include <algorithm>

#include "effects/coercion.h"
#include "effects/definition/parts.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

void refuse_parts(const Execution& execution, const ExpressionFacts& facts, std::string_view one,
                  std::string_view many) {
  if (facts.has_subquery) execution.fail("0A000", fmt::format("cannot use subquery in {}", one));
  if (facts.has_aggregate) execution.fail("42803", fmt::format("aggregate functions are not allowed in {}", many));
  if (facts.returns_set) execution.fail("0A000", fmt::format("set-returning functions are not allowed in {}", many));
}

bool is_collatable(const Catalog& catalog, TypeUse use) {
  const Type* type = catalog.types.get(base_type(catalog, use).type);
  if (type && type->element) type = catalog.types.get(type->element);
  return !type || type->collatable;
}

// Where somebody asked a database, it has the collation "default" of pg_catalog.
bool is_missing_collation(const Execution& execution, const QualifiedName& name, std::string& schema) {
  const Catalog& catalog = execution.catalog;
  const auto exists = [&](std::string_view in, std::string_view collation) {
    bool found = false;
    catalog.others.each_named(in, collation, [&](const OtherObject& each) { found |= each.kind == "collation"; });
    if (found) schema = in;
    return found;
  };
  if (!exists("pg_catalog", "default")) return false;
  if (!name.schema.empty()) return !exists(name.schema, name.name);
  if (exists("pg_catalog", name.name)) return false;
  return std::ranges::none_of(execution.session.search_path, [&](const std::string& each) {
    return exists(each == "$user" ? execution.session.user : each, name.name);
  });
}

}  // namespace

void require_label(const Execution& execution, ObjectId id, const std::string& label) {
  const Type* type = execution.catalog.types.get(base_type(execution.catalog, {.type = id}).type);
  if (!type || type->kind != Type::Kind::enumeration) return;
  if (std::ranges::find(type->labels, label) == type->labels.end()) {
    execution.fail("22P02", fmt::format("invalid input value for enum {}: \"{}\"", type->name, label));
  }
  if (!execution.session.new_labels.contains({type->id, label})) return;
  execution.fail("55P04", fmt::format("unsafe use of new value \"{}\" of enum type {}", label, type->name));
}

bool is_no_default(const Catalog& catalog, TypeUse use, const ExpressionFacts& facts) {
  const Type* type = catalog.types.get(use.type);
  return facts.is_null_constant && !(type && type->kind == Type::Kind::domain);
}

void require_default(const Execution& execution, const Column& column, const ExpressionFacts& facts) {
  if (facts.names_column) execution.fail("0A000", "cannot use column reference in DEFAULT expression");
  refuse_parts(execution, facts, "DEFAULT expression", "DEFAULT expressions");
  if (!facts.type.type || !column.type.type) return;
  if (facts.literal) require_label(execution, column.type.type, *facts.literal);
  const Catalog& catalog = execution.catalog;
  if (coerce(catalog, execution.session, {.type = facts.type}, column.type, 'a').castable) return;
  execution.fail("42804", fmt::format("column \"{}\" is of type {} but default expression is of type {}", column.name,
                                      type_text(catalog, {.type = column.type.type}), type_text(catalog, facts.type)));
}

void require_condition(const Execution& execution, const ExpressionFacts& facts) {
  if (facts.names_system_column) execution.fail("42P10", "system column reference in check constraint is invalid");
  refuse_parts(execution, facts, "check constraint", "check constraints");
  const ObjectId type = facts.type.type;
  if (!type || type == type_id::unknown || base_type(execution.catalog, facts.type).type == type_id::boolean) return;
  execution.fail("42804", fmt::format("argument of CHECK must be type boolean, not type {}",
                                      type_text(execution.catalog, {.type = type})));
}

std::string resolve_collation(const Execution& execution, TypeUse type, const PgQuery__CollateClause* clause) {
  return clause ? resolve_collation(execution, type, qualified_name(clause->n_collname, clause->collname)) : "";
}

std::string resolve_collation(const Execution& execution, TypeUse type, const QualifiedName& name) {
  std::string schema = name.schema;
  if (is_missing_collation(execution, name, schema)) {
    execution.fail("42704", fmt::format("collation \"{}\" does not exist", name.text()));
  }
  if (!is_collatable(execution.catalog, type)) {
    execution.fail("42804", fmt::format("collations are not supported by type {}",
                                        type_text(execution.catalog, {.type = type.type})));
  }
  if (schema.empty() || schema == "pg_catalog") return name.name == "default" ? "" : name.name;
  return schema + "." + name.name;
}

void require_comparable(const Execution& execution, const Constraint& key, const Relation& referrer,
                        const Relation& target) {
  const Catalog& catalog = execution.catalog;
  const auto type_of = [](const Relation& table, int number) {
    const Column* column = table.column(number);
    return column ? column->type : TypeUse{};
  };
  for (std::size_t i = 0; i < key.columns.size() && i < key.target_columns.size(); ++i) {
    const TypeUse from = type_of(referrer, key.columns[i]);
    const TypeUse to = type_of(target, key.target_columns[i]);
    if (!from.type || !to.type) continue;
    const OperatorClass* left = default_operator_class(catalog, "btree", from.type);
    const OperatorClass* right = default_operator_class(catalog, "btree", to.type);
    if (left && right && left->family == right->family) continue;
    if (find_coercion(catalog, from.type, to.type, 'i') != CoercionPath::none) continue;
    execution.fail("42804", fmt::format("foreign key constraint \"{}\" cannot be implemented", key.name));
  }
}

}  // namespace martlet
