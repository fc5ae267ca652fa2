#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

// It is the statement's last word.
TextFix concurrently(const Statement& statement) {
  const std::size_t end = statement.text.find_last_not_of(" \t\r\n") + 1;
  return {.edits = {{end, end, " CONCURRENTLY"}}, .file_without_transaction = true};
}

void check(const Case& at, Findings& found) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition, [&](const auto& command, const Relation& parent) {
    const RelationEffect* effect = at.effects.on(parent.id);
    if (command.def->partition_cmd->concurrent || !effect || effect->strongest() != LockMode::access_exclusive) return;
    HazardFinding& finding = found.add(at, fmt::format("DETACH PARTITION locks {} ACCESS EXCLUSIVE: {}",
                                                       sized(at, parent), waiting(at, effect->strongest())));
    finding.relations = {shown(at, parent)};
    const bool can = at.catalog.server_version >= 140000 && parent.partition.default_partition == 0;
    if (!can) return;
    if (at.node->alter_table_stmt->n_cmds == 1) finding.fix = concurrently(at.statement);
    found.offer(finding, at, &parent, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "detach-partition-blocking",
    .severity = Hazard::Severity::error,
    .summary = "DETACH PARTITION without CONCURRENTLY",
    .why = "The parent, the partition and the default partition are locked ACCESS EXCLUSIVE: the statement "
           "queues behind every query on the parent, and every later query behind it.",
    .safe_form = "DETACH PARTITION … CONCURRENTLY (PostgreSQL 14 and later), outside a transaction. It is refused "
                 "while there is a default partition, and leaves a CHECK with the bounds on the detached table.",
    .recipe = "detach-partition",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
