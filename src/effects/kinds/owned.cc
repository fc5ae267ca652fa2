// DROP OWNED and REASSIGN OWNED (pg_shdepend.c). What was granted to a role is not in the model; taking it away locks
// nothing.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/owner.h"
#include "effects/definition/deletion.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// The role that initdb made owns what no database can do without (IsPinnedObject).
void require_free_role(const Execution& execution, const std::string& role, std::string_view words) {
  constexpr ObjectId kFirstUnpinned = 12000;  // transam.h, FirstUnpinnedObjectId
  const OtherObject* found = find_other(execution, "role", {"", role});
  if (!found || found->id >= kFirstUnpinned) return;
  execution.fail("2BP01", fmt::format("cannot {} objects owned by role {} because they are required by the database "
                                      "system",
                                      words, role));
}

// Row types and arrays go with what they are made with.
bool is_own_type(const Type& type) {
  return !type.element && !type.relation && type.kind != Type::Kind::multirange;
}

void add_owned(const Catalog& catalog, const std::string& role, Deletion& deletion) {
  const auto add = [&](Doomed::Kind kind) {
    return [&deletion, &role, kind](const auto& each) {
      if (each.owner == role) deletion.add({kind, each.id, 0});
    };
  };
  catalog.relations.each_of_users([&](const Relation& each) {
    if (each.owner != role || each.is_index()) return;
    const bool is_type = each.kind == RelationKind::composite_type;
    deletion.add({is_type ? Doomed::Kind::type : Doomed::Kind::relation, is_type ? each.row_type : each.id, 0});
  });
  catalog.types.each_of_users([&](const Type& each) {
    if (each.owner == role && is_own_type(each)) deletion.add({Doomed::Kind::type, each.id, 0});
  });
  catalog.functions.each_of_users(add(Doomed::Kind::function));
  catalog.schemas.each_of_users(add(Doomed::Kind::schema));
  catalog.others.each_of_users(add(Doomed::Kind::other));
}

// A policy for others as well stays (policy.c, RemoveRoleFromObjectPolicy).
void leave_policies(Execution& execution, const std::string& role, Deletion& deletion) {
  std::vector<std::pair<ObjectId, ObjectId>> policies;
  execution.catalog.relations.each_of_users([&](const Relation& table) {
    for (const Policy& each : table.policies) {
      if (std::ranges::find(each.roles, role) != each.roles.end()) policies.emplace_back(table.id, each.id);
    }
  });
  for (const auto& [table, id] : policies) {
    execution.lock(table, LockMode::access_exclusive);
    auto& all = execution.catalog.relations.edit(table).policies;
    Policy& policy = *std::ranges::find(all, id, &Policy::id);
    if (policy.roles.size() == 1) {
      deletion.add({Doomed::Kind::policy, table, id});
    } else {
      std::erase(policy.roles, role);
    }
  }
}

void drop_owned(Execution& execution, const PgQuery__DropOwnedStmt& statement) {
  Deletion deletion(execution, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DropBehavior::cascade
                                                                                           : DropBehavior::restrict);
  for (const Node* each : list(statement.n_roles, statement.roles)) {
    require_role(execution, *each->role_spec);
    const std::string role = role_name(execution, *each->role_spec);
    require_free_role(execution, role, "drop");
    add_owned(execution.catalog, role, deletion);
    leave_policies(execution, role, deletion);
  }
  deletion.run();
}

template <class T>
void give_all(Store<T>& store, const std::string& from, const std::string& to) {
  std::vector<ObjectId> owned;
  store.each_of_users([&](const T& each) {
    if (each.owner == from) owned.push_back(each.id);
  });
  for (const ObjectId id : owned) store.edit(id).owner = to;
}

void reassign(Execution& execution, const std::string& from, const std::string& to) {
  std::vector<ObjectId> relations;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    if (each.owner == from && !each.is_index()) relations.push_back(each.id);
  });
  for (const ObjectId id : relations) change_owner(execution, id, to);
  give_all(execution.catalog.types, from, to);
  give_all(execution.catalog.functions, from, to);
  give_all(execution.catalog.schemas, from, to);
  give_all(execution.catalog.others, from, to);
}

void reassign_owned(Execution& execution, const PgQuery__ReassignOwnedStmt& statement) {
  require_role(execution, *statement.newrole);
  for (const Node* each : list(statement.n_roles, statement.roles)) {
    require_role(execution, *each->role_spec);
    const std::string role = role_name(execution, *each->role_spec);
    require_free_role(execution, role, "reassign ownership of");
    reassign(execution, role, role_name(execution, *statement.newrole));
  }
}

void execute_owned(Execution& execution, const Node& node) {
  if (!execution.catalog.complete) return execution.not_known("what a role owns, only a database tells");
  if (node.node_case == PG_QUERY__NODE__NODE_DROP_OWNED_STMT) return drop_owned(execution, *node.drop_owned_stmt);
  reassign_owned(execution, *node.reassign_owned_stmt);
}

const Registered<StatementKind> kOwned{{.id = "DropOwnedStmt",
                                        .node = PG_QUERY__NODE__NODE_DROP_OWNED_STMT,
                                        .execute = execute_owned,
                                        .also = {PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT}}};

}  // namespace
}  // namespace martlet
