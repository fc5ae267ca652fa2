// CREATE PUBLICATION and ALTER PUBLICATION (publicationcmds.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// OpenTableList: heirs come along, partitions go with their table anyway.
void add_with_heirs(Execution& execution, const Relation& table, bool heirs, std::vector<ObjectId>& tables) {
  execution.lock(table.id, LockMode::share_update_exclusive);
  if (std::ranges::find(tables, table.id) != tables.end()) return;
  tables.push_back(table.id);
  if (!heirs || table.kind == RelationKind::partitioned_table) return;
  const std::vector<ObjectId> children = table.children;
  for (const ObjectId child : children) {
    add_with_heirs(execution, *execution.catalog.relations.get(child), true, tables);
  }
}

std::vector<ObjectId> lock_tables(Execution& execution, std::size_t count, Node* const* objects) {
  std::vector<ObjectId> tables;
  for (const Node* each : list(count, objects)) {
    const PgQuery__PublicationObjSpec& object = *each->publication_obj_spec;
    if (!object.pubtable) {
      if (*object.name) require_schema(execution, object.name);
      continue;
    }
    const Relation& table = execution.relation(qualified_name(*object.pubtable->relation));
    add_with_heirs(execution, table, object.pubtable->relation->inh != 0, tables);
    if (table.kind != RelationKind::table && table.kind != RelationKind::partitioned_table) {
      execution.fail("22023", fmt::format("cannot add relation \"{}\" to publication", table.name));
    }
    if (table.persistence != Persistence::permanent) {
      execution.fail("22023", fmt::format("cannot add relation \"{}\" to publication", table.name));
    }
  }
  return tables;
}

bool has(const Relation& table, const std::string& publication) {
  return std::ranges::find(table.publications, publication) != table.publications.end();
}

void add(Execution& execution, ObjectId table, const std::string& publication) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (has(relation, publication)) {
    execution.fail("42710",
                   fmt::format("relation \"{}\" is already member of publication \"{}\"", relation.name, publication));
  }
  execution.catalog.relations.edit(table).publications.push_back(publication);
}

void remove(Execution& execution, ObjectId table, const std::string& publication) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (!has(relation, publication) && !relation.assumed) {
    execution.fail("42704", fmt::format("relation \"{}\" is not part of the publication", relation.name));
  }
  std::erase(execution.catalog.relations.edit(table).publications, publication);
}

void create_publication(Execution& execution, const PgQuery__CreatePublicationStmt& statement) {
  if (find_other(execution, "publication", {"", statement.pubname})) {
    execution.fail("42710", fmt::format("publication \"{}\" already exists", statement.pubname));
  }
  const std::vector<ObjectId> tables = lock_tables(execution, statement.n_pubobjects, statement.pubobjects);
  for (const ObjectId table : tables) add(execution, table, statement.pubname);
  execution.catalog.others.add({.id = execution.catalog.next_id(),
                                .schema = "",
                                .name = statement.pubname,
                                .kind = "publication",
                                .owner = execution.session.user,
                                .all_tables = statement.for_all_tables != 0});
}

void set_tables(Execution& execution, const std::vector<ObjectId>& tables, const std::string& publication) {
  std::vector<ObjectId> gone;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    if (has(each, publication) && std::ranges::find(tables, each.id) == tables.end()) gone.push_back(each.id);
  });
  for (const ObjectId table : gone) {
    execution.lock(table, LockMode::share_update_exclusive);
    remove(execution, table, publication);
  }
  for (const ObjectId table : tables) {
    if (!has(*execution.catalog.relations.get(table), publication)) add(execution, table, publication);
  }
}

void alter_publication(Execution& execution, const PgQuery__AlterPublicationStmt& statement) {
  const std::string name = statement.pubname;
  const OtherObject* publication = find_other(execution, "publication", {"", name});
  if (execution.catalog.complete && !publication) {
    execution.fail("42704", fmt::format("publication \"{}\" does not exist", name));
  }
  if (statement.n_options > 0) return;
  if (publication && publication->all_tables) {
    execution.fail("55000", fmt::format("publication \"{}\" is defined as FOR ALL TABLES", name));
  }
  const std::vector<ObjectId> tables = lock_tables(execution, statement.n_pubobjects, statement.pubobjects);
  if (statement.action == PG_QUERY__ALTER_PUBLICATION_ACTION__AP_SetObjects) return set_tables(execution, tables, name);
  for (const ObjectId table : tables) {
    if (statement.action == PG_QUERY__ALTER_PUBLICATION_ACTION__AP_AddObjects) {
      add(execution, table, name);
    } else {
      remove(execution, table, name);
    }
  }
}

void execute_publication(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT) {
    return create_publication(execution, *node.create_publication_stmt);
  }
  alter_publication(execution, *node.alter_publication_stmt);
}

const Registered<StatementKind> kPublication{{.id = "CreatePublicationStmt",
                                              .node = PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT,
                                              .execute = execute_publication,
                                              .also = {PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT}}};

}  // namespace
}  // namespace martlet
