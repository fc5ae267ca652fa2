// What depends on types, functions, operator classes, schemas, extensions and servers.
#include <algorithm>

#include "effects/definition/deletion.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

// 0: it is not known.
ObjectId class_of(const Catalog& catalog, const IndexDefinition& index, const IndexKey& key) {
  if (!key.opclass.empty()) {
    const auto dot = key.opclass.find('.');
    const std::string schema = dot == std::string::npos ? "pg_catalog" : key.opclass.substr(0, dot);
    const OperatorClass* named = nullptr;
    catalog.operator_classes.each_named(schema, key.opclass.substr(dot + 1), [&](const OperatorClass& each) {
      if (each.method == index.method) named = &each;
    });
    return named ? named->id : 0;
  }
  const Relation* table = catalog.relations.get(index.table);
  const Column* column = table ? table->column(key.column) : nullptr;
  const OperatorClass* usual = column ? default_operator_class(catalog, index.method, column->type.type) : nullptr;
  return usual ? usual->id : 0;
}

}  // namespace

void Deletion::visit_columns_of_type(const Type& type) {
  execution_.catalog.relations.each_of_users([&](const Relation& relation) {
    for (const Column& column : relation.columns) {
      const bool is_array = type.array != 0 && column.type.type == type.array;
      if (column.type.type == type.id || is_array)
        depends({Doomed::Kind::column, relation.id, static_cast<ObjectId>(column.number)});
    }
  });
}

void Deletion::visit_type(const Type& type) {
  if (type.relation) lock(type.relation);
  visit_columns_of_type(type);
  execution_.catalog.relations.each_of_users([&](const Relation& table) {
    if (table.of_type == type.id) depends({Doomed::Kind::relation, table.id, 0});
  });
  execution_.catalog.types.each_of_users([&](const Type& other) {
    const bool is_domain_of_it = other.kind == Type::Kind::domain && other.base.type == type.id;
    const bool is_range_of_it = other.kind == Type::Kind::range && other.subtype == type.id;
    if (is_domain_of_it || is_range_of_it) depends({Doomed::Kind::type, other.id, 0});
  });
  execution_.catalog.functions.each_of_users([&](const Function& function) {
    if (function.extension && type.extension) return;
    const auto is_it = [&](ObjectId each) { return each == type.id || (type.array != 0 && each == type.array); };
    if (is_it(function.returns) || std::ranges::any_of(function.arguments, is_it)) {
      depends({Doomed::Kind::function, function.id, 0});
    }
  });
}

// The catalog tells only that some part of the relation calls the function; the texts tell which.
void Deletion::visit_callers(const Relation& relation, const Function& function) {
  const auto calls = [&](const std::string& sql) { return sql.find(function.name + "(") != std::string::npos; };
  if (relation.view || relation.index) return depends({Doomed::Kind::relation, relation.id, 0});
  for (const Column& column : relation.columns) {
    if (!calls(column.default_sql)) continue;
    const Doomed::Kind kind = column.generated ? Doomed::Kind::column : Doomed::Kind::default_value;
    depends({kind, relation.id, static_cast<ObjectId>(column.number)});
  }
  for (const Constraint& each : relation.constraints) {
    if (calls(each.expression)) depends({Doomed::Kind::constraint, relation.id, each.id});
  }
  for (const Policy& each : relation.policies) {
    if (calls(each.using_sql) || calls(each.check_sql)) depends({Doomed::Kind::policy, relation.id, each.id});
  }
  for (const Rule& each : relation.rules) {
    if (calls(each.definition)) depends({Doomed::Kind::rule, relation.id, each.id});
  }
}

void Deletion::visit_function(const Function& function) {
  execution_.catalog.relations.each_of_users([&](const Relation& relation) {
    for (const Trigger& each : relation.triggers) {
      if (each.function == function.id) depends({Doomed::Kind::trigger, relation.id, each.id});
    }
    if (std::ranges::find(relation.calls, function.id) != relation.calls.end()) visit_callers(relation, function);
  });
}

// Indexes that take it, by name or as the default of what they index.
void Deletion::visit_operator_class(const OperatorClass& operator_class) {
  const Catalog& catalog = execution_.catalog;
  catalog.relations.each_of_users([&](const Relation& index) {
    if (!index.index || index.index->method != operator_class.method) return;
    const bool takes = std::ranges::any_of(index.index->keys, [&](const IndexKey& key) {
      return class_of(catalog, *index.index, key) == operator_class.id;
    });
    if (!takes) return;
    if (index.index->constraint) {
      depends({Doomed::Kind::constraint, index.index->table, index.index->constraint});
    } else {
      depends({Doomed::Kind::relation, index.id, 0});
    }
  });
}

void Deletion::visit_extension(ObjectId extension) {
  const auto add_members = [&](Doomed::Kind kind) {
    return [this, kind, extension](const auto& each) {
      if (each.extension == extension) add({kind, each.id, 0});
    };
  };
  execution_.catalog.types.each_of_users(add_members(Doomed::Kind::type));
  execution_.catalog.functions.each_of_users(add_members(Doomed::Kind::function));
  execution_.catalog.operator_classes.each_of_users(add_members(Doomed::Kind::operator_class));
  execution_.catalog.relations.each_of_users(add_members(Doomed::Kind::relation));
}

// Servers need their wrapper, foreign tables their server.
void Deletion::visit_other(const OtherObject& other) {
  if (other.kind == "foreign data wrapper") {
    execution_.catalog.others.each_of_users([&](const OtherObject& each) {
      if (each.wrapper == other.name) depends({Doomed::Kind::other, each.id, 0});
    });
  } else if (other.kind == "server") {
    execution_.catalog.relations.each_of_users([&](const Relation& each) {
      if (each.server == other.name) depends({Doomed::Kind::relation, each.id, 0});
    });
  }
}

void Deletion::visit_schema(const Schema& schema) {
  const Catalog& catalog = execution_.catalog;
  const auto depends_where_inside = [&](Doomed::Kind kind) {
    return [this, kind, &schema](const auto& each) {
      if (each.schema == schema.name) depends({kind, each.id, 0});
    };
  };
  catalog.relations.each_of_users(depends_where_inside(Doomed::Kind::relation));
  catalog.functions.each_of_users(depends_where_inside(Doomed::Kind::function));
  catalog.others.each_of_users(depends_where_inside(Doomed::Kind::other));
  catalog.types.each_of_users([&](const Type& each) {
    const bool goes_with_another =
        each.element != 0 || each.kind == Type::Kind::composite || each.kind == Type::Kind::multirange;
    if (each.schema == schema.name && !goes_with_another) depends({Doomed::Kind::type, each.id, 0});
  });
}

}  // namespace martlet
