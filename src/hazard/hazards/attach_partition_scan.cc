#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition, [&](const auto& command, const Relation& parent) {
    std::vector<std::string> read;
    LockMode lock = LockMode::access_share;
    for (const RelationEffect& each : at.effects.relations) {
      const Relation* table = at.before.relation(each.id);
      if (!each.scan || at.is_new(each.id)) continue;
      read.push_back(table ? sized(at, *table) : each.name);
      lock = std::max(lock, each.strongest());
    }
    if (read.empty()) return;
    HazardFinding& finding = found.add(at, fmt::format("ATTACH PARTITION reads {} under {}: {}", join(read, " and "),
                                                       lock_words(lock), waiting(at, lock)));
    finding.relations = {shown(at, parent)};
    found.offer(finding, at, &parent, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "attach-partition-scan",
    .severity = Hazard::Severity::error,
    .summary = "ATTACH PARTITION that reads tables",
    .why = "The candidate and the default partition are read under ACCESS EXCLUSIVE to prove which rows "
           "belong where, and what indexes and foreign keys the parent has are built on the candidate. The "
           "tables that foreign keys point at are locked SHARE ROW EXCLUSIVE.",
    .safe_form = "Build the indexes and foreign keys first, prove the bounds by a validated CHECK on the candidate "
                 "and its opposite on the default partition, then attach: no scan.",
    .recipe = "attach-partition",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
