#include "schema/description.h"

#include <fmt/format.h>

#include "schema/description_names.h"

namespace martlet {
namespace {

constexpr ObjectId kFirstOfUsers = 16384;  // transam.h, FirstNormalObjectId

std::string owner_fact(const std::string& owner) {
  return owner.empty() ? std::string(kUnknown) : owner;
}

std::string_view kind_word(Type::Kind kind) {
  switch (kind) {
    case Type::Kind::base:
      return "base";
    case Type::Kind::enumeration:
      return "enum";
    case Type::Kind::domain:
      return "domain";
    case Type::Kind::composite:
      return "composite";
    case Type::Kind::range:
      return "range";
    case Type::Kind::multirange:
      return "multirange";
    case Type::Kind::pseudo:
      return "pseudo";
  }
  return "";
}

// Array types and row types of tables are made and dropped with what they belong to.
bool follows_from_another(const Catalog& catalog, const Type& type) {
  if (type.element || type.kind == Type::Kind::multirange) return true;
  const Relation* relation = catalog.relations.get(type.relation);
  return type.relation && (!relation || relation->kind != RelationKind::composite_type);
}

// The functions a range type is made with: constructors of the range and of its multirange.
bool is_constructor(const Catalog& catalog, const Function& function) {
  const Type* returns = catalog.types.get(function.returns);
  return function.language == "internal" && returns && returns->id >= kFirstOfUsers &&
         (returns->kind == Type::Kind::range || returns->kind == Type::Kind::multirange);
}

std::string_view function_kind(Function::Kind kind) {
  switch (kind) {
    case Function::Kind::function:
      return "function";
    case Function::Kind::procedure:
      return "procedure";
    case Function::Kind::aggregate:
      return "aggregate";
    case Function::Kind::window:
      return "window function";
  }
  return "";
}

std::string_view volatility_word(Volatility volatility) {
  switch (volatility) {
    case Volatility::immutable:
      return "immutable";
    case Volatility::stable:
      return "stable";
    case Volatility::volatile_:
      return "volatile";
    case Volatility::unknown:
      return kUnknown;
  }
  return kUnknown;
}

void describe_casts(const Catalog& catalog, CatalogDescription& into) {
  catalog.each_cast([&](const Cast& cast) {
    if (cast.source < kFirstOfUsers && cast.target < kFirstOfUsers && cast.function < kFirstOfUsers) return;
    const Type* source = catalog.types.get(cast.source);
    const Type* target = catalog.types.get(cast.target);
    if ((source && source->extension) || (target && target->extension)) return;
    if (target && target->kind == Type::Kind::multirange) return;
    auto& facts =
        into[fmt::format("cast {} as {}", type_name(catalog, {cast.source}), type_name(catalog, {cast.target}))].facts;
    facts["method"] = {cast.method == Cast::Method::function ? "function"
                       : cast.method == Cast::Method::binary ? "binary"
                                                             : "inout"};
    facts["context"] = {std::string(1, cast.context)};
    facts["function"] = {function_name(catalog, cast.function)};
  });
}

void describe_operators(const Catalog& catalog, CatalogDescription& into) {
  const auto from_extension = [&](ObjectId function) {
    const Function* found = catalog.functions.get(function);
    return found && found->extension;
  };
  catalog.operators.each_of_users([&](const Operator& each) {
    if (from_extension(each.function)) return;
    const std::string left = each.left ? type_name(catalog, {each.left}) : "none";
    auto& facts =
        into[fmt::format("operator {} ({}, {})", full_name(each), left, type_name(catalog, {each.right}))].facts;
    facts["result"] = {type_name(catalog, {each.result})};
    facts["function"] = {function_name(catalog, each.function)};
  });
}

void describe_schemas(const Catalog& catalog, CatalogDescription& into) {
  catalog.schemas.each([&](const Schema& each) {
    if (each.name == "pg_temp") return;
    into["schema " + each.name].facts["owner"] = {owner_fact(each.owner)};
  });
}

void describe_others(const Catalog& catalog, CatalogDescription& into) {
  catalog.others.each_of_users([&](const OtherObject& each) {
    if (each.kind == "operator family") return;  // comes with its classes
    auto& facts = into[each.kind + " " + full_name(each)].facts;
    facts["owner"] = {owner_fact(each.owner)};
    if (each.kind == "role") facts["superuser"] = {words(each.superuser)};
    if (each.kind == "publication") facts["all tables"] = {words(each.all_tables)};
    if (each.kind == "server") facts["wrapper"] = {each.wrapper};
  });
  catalog.extensions.each([&](const Extension& each) {
    auto& facts = into["extension " + each.name].facts;
    facts["schema"] = {each.home};
    facts["version"] = {each.version.empty() ? std::string(kUnknown) : each.version};
  });
}

}  // namespace

void describe_type(const Catalog& catalog, const Type& type, CatalogDescription& into) {
  if (follows_from_another(catalog, type)) return;
  const std::string name = "type " + full_name(type);
  auto& facts = into[name].facts;
  facts["kind"] = {std::string(kind_word(type.kind))};
  facts["owner"] = {owner_fact(type.owner)};
  facts["category"] = {std::string(1, type.category)};
  facts["base"] = {type.base.type ? type_name(catalog, type.base) : ""};
  facts["not null"] = {words(type.not_null)};
  facts["default"] = {type.default_sql, Fact::Sort::expression};
  facts["labels"] = {joined(type.labels)};
  facts["collatable"] = {words(type.collatable)};
  facts["subtype"] = {type.subtype ? type_name(catalog, {type.subtype}) : ""};
  for (const Constraint& each : type.checks) {
    describe_constraint(catalog, name, fmt::format("constraint {}.{}", full_name(type), each.name), nullptr, each,
                        into);
  }
}

void describe_function(const Catalog& catalog, const Function& function, CatalogDescription& into) {
  if (is_constructor(catalog, function)) return;
  auto& facts = into["function " + signature(catalog, function)].facts;
  facts["kind"] = {std::string(function_kind(function.kind))};
  facts["owner"] = {owner_fact(function.owner)};
  facts["returns"] = {(function.returns_set ? "set of " : "") + type_name(catalog, {function.returns})};
  facts["volatility"] = {std::string(volatility_word(function.volatility))};
  facts["strict"] = {words(function.strict)};
  facts["security definer"] = {words(function.security_definer)};
  facts["sets search_path"] = {words(function.sets_search_path)};
  facts["language"] = {function.language};
  facts["defaults"] = {std::to_string(function.defaults)};
  facts["variadic"] = {words(function.variadic)};
  facts["argument names"] = {joined(function.argument_names)};
  facts["argument modes"] = {function.argument_modes};
  facts["reads"] = {names_of_uses(catalog, function.uses)};
  // A BEGIN ATOMIC body comes back as the server writes it.
  if (function.uses.empty()) facts["body"] = {function.body};
}

CatalogDescription describe(const Catalog& catalog) {
  CatalogDescription described;
  catalog.relations.each_of_users([&](const Relation& each) {
    if (!each.extension && !each.assumed) describe_relation(catalog, each, described);
  });
  catalog.types.each_of_users([&](const Type& each) {
    if (!each.extension) describe_type(catalog, each, described);
  });
  catalog.functions.each_of_users([&](const Function& each) {
    if (!each.extension) describe_function(catalog, each, described);
  });
  describe_casts(catalog, described);
  describe_operators(catalog, described);
  describe_schemas(catalog, described);
  describe_others(catalog, described);
  return described;
}

}  // namespace martlet
