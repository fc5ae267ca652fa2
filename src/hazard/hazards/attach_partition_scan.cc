#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/impact.h"
#include "hazard/tables_read.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition, [&](const auto& command, const Relation& parent) {
    const TablesRead read = tables_read(at);
    if (read.tables.empty()) return;
    HazardFinding& finding =
        found.add(at, fmt::format("ATTACH PARTITION reads {} under {}: {}", join(read.tables, " and "),
                                  lock_words(read.lock), waiting(at, read.lock)));
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
