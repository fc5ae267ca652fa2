// ALTER TABLE … CLUSTER ON, SET WITHOUT CLUSTER (tablecmds.c, ATExecClusterOn; cluster.c, check_index_is_clusterable).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/named_index.h"

namespace martlet {
namespace {

void check(const AlterStep& step, const Relation& index) {
  const IndexDefinition& definition = *index.index;
  if (definition.method != "btree" && definition.method != "gist") {
    step.fail("0A000", fmt::format("cannot cluster on index \"{}\" because access method does not support clustering",
                                   index.name));
  }
  if (!definition.predicate.empty()) {
    step.fail("0A000", fmt::format("cannot cluster on partial index \"{}\"", index.name));
  }
  if (!definition.valid) step.fail("0A000", fmt::format("cannot cluster on invalid index \"{}\"", index.name));
  if (step.relation().is_partitioned()) step.fail("0A000", "cannot mark index clustered in partitioned table");
}

void mark(const AlterStep& step, ObjectId clustered) {
  const std::vector<ObjectId> indexes = step.relation().indexes;
  for (const ObjectId id : indexes) {
    const bool is = id == clustered;
    if (step.alter.relation(id).index->clustered != is) step.alter.edit(id).index->clustered = is;
  }
}

void cluster_on(const AlterStep& step) {
  const ObjectId id = named_index(step, step.command.name);
  if (!id) return;
  step.execution().lock(id, step.alter.lock);
  check(step, step.alter.relation(id));
  mark(step, id);
}

void set_without_cluster(const AlterStep& step) {
  if (step.relation().is_partitioned()) step.fail("0A000", "cannot mark index clustered in partitioned table");
  mark(step, 0);
}

constexpr unsigned kTargets = alter_target::table | alter_target::materialized_view;

const Registered<AlterAction> kClusterOn{{
    .id = "ClusterOn",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn,
    .words = "CLUSTER ON",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = kTargets,
    .execute = cluster_on,
}};

const Registered<AlterAction> kDropCluster{{
    .id = "DropCluster",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster,
    .words = "SET WITHOUT CLUSTER",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = kTargets,
    .execute = set_without_cluster,
}};

}  // namespace
}  // namespace martlet
