#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "migration/header.h"

namespace martlet {
namespace {

// Fields that a file may do without: most change nothing that depends on another one, or on a ticket.
bool is_optional(std::string_view name) {
  return is_one_of(name, {"Dependencies", "Ticket"});
}

void check_migration(const Migration& migration, const Catalog&, const RunState&, Findings& found) {
  std::vector<std::string> missing;
  for (const std::string_view name : header_field_names()) {
    if (!is_optional(name) && std::ranges::find(migration.header, name, &HeaderField::name) == migration.header.end()) {
      missing.emplace_back(name);
    }
  }
  if (missing.empty()) return;
  HazardFinding& finding = found.add(migration, fmt::format("its header does not say: {}", join(missing, ", ")), 1);
  TextFix fix;
  for (const std::string& name : missing) {
    fix.line_before += (fix.line_before.empty() ? "" : "\n") + fmt::format("-- {}: to be written", name);
  }
  finding.fix = std::move(fix);
  finding.statement.place = {migration.file, 1, 1};
}

const Registered<Hazard> kHazard{{
    .id = "missing-header",
    .severity = Hazard::Severity::off,
    .summary = "a file whose header does not say what it is for",
    .why = "Whoever has to decide in the night whether to go on or back wants to know what the file is for, how it is "
           "taken "
           "back, how long it takes and how it was tried.",
    .safe_form = "Begin the file with -- Purpose:, -- Rollback plan:, -- Performance impact: and -- Testing notes: "
                 "(`martlet new` does).",
    .on = {},
    .check = nullptr,
    .check_migration = check_migration,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
