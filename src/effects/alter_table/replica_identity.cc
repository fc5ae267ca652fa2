// ALTER TABLE … REPLICA IDENTITY (tablecmds.c, ATExecReplicaIdentity).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/named_index.h"

namespace martlet {
namespace {

void check(const AlterStep& step, const Relation& index) {
  const IndexDefinition& definition = *index.index;
  const auto refuse = [&](std::string_view sqlstate, std::string_view what) {
    step.fail(std::string(sqlstate), fmt::format("cannot use {} index \"{}\" as replica identity", what, index.name));
  };
  if (!definition.unique) refuse("42809", "non-unique");
  if (!definition.immediate) refuse("0A000", "non-immediate");
  for (const IndexKey& key : definition.keys) {
    if (key.column == 0) refuse("0A000", "expression");
  }
  if (!definition.predicate.empty()) refuse("0A000", "partial");
  for (const IndexKey& key : definition.keys) {
    const Column* column = step.relation().column(key.column);
    if (!column || column->not_null) continue;
    step.fail("42809", fmt::format("index \"{}\" cannot be used as replica identity because column \"{}\" is nullable",
                                   index.name, column->name));
  }
}

void mark(const AlterStep& step, ObjectId chosen) {
  const std::vector<ObjectId> indexes = step.relation().indexes;
  for (const ObjectId id : indexes) {
    const bool is = id == chosen;
    if (step.alter.relation(id).index->replica_identity != is) step.alter.edit(id).index->replica_identity = is;
  }
}

void set_replica_identity(const AlterStep& step) {
  const PgQuery__ReplicaIdentityStmt& written = *step.command.def->replica_identity_stmt;
  const char identity = *written.identity_type;
  ObjectId index = 0;
  if (identity == 'i') {
    index = named_index(step, written.name);
    if (index) step.execution().lock(index, LockMode::share);
    if (index) check(step, step.alter.relation(index));
  }
  step.edit().replica_identity = identity;
  mark(step, index);
}

const Registered<AlterAction> kReplicaIdentity{{
    .id = "ReplicaIdentity",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity,
    .words = "REPLICA IDENTITY",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view,
    .execute = set_replica_identity,
}};

}  // namespace
}  // namespace martlet
