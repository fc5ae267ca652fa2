// ALTER TABLE … OWNER TO (tablecmds.c, ATExecChangeOwner).
#include "effects/alter_table/owner.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/named_object.h"

namespace martlet {
namespace {

std::string role_name(const AlterStep& step) {
  const PgQuery__RoleSpec& role = *step.command.newowner;
  switch (role.roletype) {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING:
      return role.rolename;
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC:
      return "public";
    default:
      return step.execution().session.user;
  }
}

void require_role(const AlterStep& step, const std::string& name) {
  if (is_missing(step.execution().catalog, "role", name)) {
    step.fail("42704", fmt::format("role \"{}\" does not exist", name));
  }
}

void execute_change_owner(const AlterStep& step) {
  const std::string owner = role_name(step);
  require_role(step, owner);
  const Relation& relation = step.relation();
  if (relation.kind == RelationKind::partitioned_index) {
    step.fail("42809", fmt::format("cannot change owner of index \"{}\"", relation.name));
  }
  if (relation.is_index()) return;  // a warning; it belongs to its table's owner
  if (relation.kind == RelationKind::sequence && relation.owned_by.relation) {
    const Relation* table = step.execution().catalog.relations.get(relation.owned_by.relation);
    if (table && table->owner != owner) {
      step.fail("0A000", fmt::format("cannot change owner of sequence \"{}\"", relation.name));
    }
  }
  change_owner(step.execution(), step.table, owner);
}

const Registered<AlterAction> kChangeOwner{{
    .id = "ChangeOwner",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner,
    .words = "OWNER TO",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::any,
    .execute = execute_change_owner,
}};

}  // namespace

void change_owner(Execution& execution, ObjectId relation, const std::string& owner) {
  execution.lock(relation, LockMode::access_exclusive);
  const Relation before = *execution.catalog.relations.get(relation);
  if (before.owner == owner && !before.assumed) return;
  execution.catalog.relations.edit(relation).owner = owner;
  for (const ObjectId index : before.indexes) change_owner(execution, index, owner);
  for (const ObjectId sequence : before.sequences) change_owner(execution, sequence, owner);
}

}  // namespace martlet
