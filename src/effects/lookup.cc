#include "effects/lookup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/definition.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

std::vector<ObjectId> argument_types(Execution& execution, const PgQuery__ObjectWithArgs& name) {
  std::vector<ObjectId> types;
  for (const Node* each : list(name.n_objargs, name.objargs)) {
    if (each->node_case != PG_QUERY__NODE__NODE_TYPE_NAME) continue;
    types.push_back(resolve_type(execution, *each->type_name).type);
  }
  return types;
}

}  // namespace

const Type* find_type(const Execution& execution, const QualifiedName& name) {
  const Type* found = nullptr;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    found = execution.catalog.types.find(schema, name.name);
    return found != nullptr;
  });
  return found;
}

const Type* require_type(const Execution& execution, const QualifiedName& name) {
  const Type* found = find_type(execution, name);
  if (!found && execution.catalog.complete) {
    execution.fail("42704", fmt::format("type \"{}\" does not exist", name.text()));
  }
  return found;
}

void require_own_type(const Execution& execution, const Type& type) {
  const Relation* relation = execution.catalog.relations.get(type.relation);
  if (relation && relation->kind != RelationKind::composite_type) {
    execution.fail("42809", fmt::format("{} is a table's row type", type.name));
  }
  if (type.element) execution.fail("42809", fmt::format("cannot alter array type {}", type.name));
}

const Relation* find_statistics(const Execution& execution, const QualifiedName& name) {
  const Relation* found = nullptr;
  execution.catalog.relations.each_of_users([&](const Relation& relation) {
    const bool has_it = std::ranges::any_of(relation.statistics, [&](const Statistics& each) {
      return each.name == name.name && (name.schema.empty() || name.schema == each.schema);
    });
    if (has_it) found = &relation;
  });
  return found;
}

const Function* find_function(Execution& execution, const PgQuery__ObjectWithArgs& name) {
  const QualifiedName wanted = qualified_name(name.n_objname, name.objname);
  const std::vector<ObjectId> types = argument_types(execution, name);
  const Function* found = nullptr;
  bool several = false;
  each_schema(execution, wanted.schema, [&](const std::string& schema) {
    execution.catalog.functions.each_named(schema, wanted.name, [&](const Function& each) {
      if (!name.args_unspecified && each.arguments != types) return;
      several |= found != nullptr;
      found = &each;
    });
    return found != nullptr;
  });
  return several ? nullptr : found;
}

const Function* find_function(const Execution& execution, const QualifiedName& name,
                              const std::vector<ObjectId>& arguments) {
  const Function* found = nullptr;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    execution.catalog.functions.each_named(schema, name.name, [&](const Function& each) {
      if (each.arguments == arguments) found = &each;
    });
    return found != nullptr;
  });
  return found;
}

std::string function_text(const PgQuery__ObjectWithArgs& name) {
  std::string text = qualified_name(name.n_objname, name.objname).text() + "(";
  bool first = true;
  for (const Node* each : list(name.n_objargs, name.objargs)) {
    if (each->node_case != PG_QUERY__NODE__NODE_TYPE_NAME) continue;
    if (!first) text += ", ";
    first = false;
    text += qualified_name(each->type_name->n_names, each->type_name->names).name;
  }
  return text + ")";
}

const OtherObject* find_other(const Execution& execution, std::string_view kind, const QualifiedName& name) {
  const OtherObject* found = nullptr;
  const auto look = [&](const std::string& schema) {
    execution.catalog.others.each_named(schema, name.name, [&](const OtherObject& each) {
      if (each.kind == kind) found = &each;
    });
    return found != nullptr;
  };
  if (name.schema.empty() && look("")) return found;
  each_schema(execution, name.schema, look);
  return found;
}

void require_schema(const Execution& execution, std::string_view schema) {
  if (!execution.catalog.complete || schema == "pg_temp" || execution.catalog.schemas.find("", schema)) return;
  execution.fail("3F000", fmt::format("schema \"{}\" does not exist", schema));
}

std::string role_name(const Execution& execution, const PgQuery__RoleSpec& role) {
  return *role.rolename ? role.rolename : execution.session.user;
}

void require_role(const Execution& execution, const PgQuery__RoleSpec& role) {
  const bool named = role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING;
  if (!named || !execution.catalog.complete) return;
  if (find_other(execution, "role", {"", role.rolename})) return;
  execution.fail("42704", fmt::format("role \"{}\" does not exist", role.rolename));
}

std::string_view object_words(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD:
      return "access method";
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return "aggregate";
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST:
      return "cast";
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
      return "collation";
    case PG_QUERY__OBJECT_TYPE__OBJECT_CONVERSION:
      return "conversion";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      return "database";
    case PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER:
      return "event trigger";
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
      return "extension";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FDW:
      return "foreign data wrapper";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER:
      return "server";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
      return "language";
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPCLASS:
      return "operator class";
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
      return "operator";
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPFAMILY:
      return "operator family";
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      return "procedure";
    case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION:
      return "publication";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      return "role";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return "routine";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return "schema";
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return "statistics object";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION:
      return "subscription";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE:
      return "tablespace";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION:
      return "text search configuration";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY:
      return "text search dictionary";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER:
      return "text search parser";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE:
      return "text search template";
    default:
      return "object";
  }
}

bool is_known_by_name(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRANSFORM:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPCLASS:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPFAMILY:
      return false;
    default:
      return true;
  }
}

QualifiedName written_name(const std::string& sql) {
  Lexer text(sql, Dialect::postgres);
  const auto part = [&] {
    const Token token = text.next();
    std::string name(token.text);
    return token.kind == Token::Kind::quoted ? name.substr(1, name.size() - 2) : lower(name);
  };
  std::string first = part();
  if (!text.accept('.')) return {"", std::move(first)};
  std::string second = part();
  return {std::move(first), std::move(second)};
}

QualifiedName object_name(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_STRING:
      return {"", node.string->sval};
    case PG_QUERY__NODE__NODE_LIST:
      return qualified_name(node.list->n_items, node.list->items);
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      return qualified_name(node.type_name->n_names, node.type_name->names);
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      return qualified_name(*node.range_var);
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
      return qualified_name(node.object_with_args->n_objname, node.object_with_args->objname);
    default:
      return {};
  }
}

}  // namespace martlet
