// Applied files that are no longer what was applied. The ledger keeps the text, so the difference can be shown.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "base/text_diff.h"
#include "gate/health.h"
#include "gate/listing.h"

namespace martlet {
namespace {

constexpr std::size_t kDiffLines = 12;

std::vector<std::string> difference(HealthSituation& situation, const Migration& migration) {
  const Ledger::Texts texts = Ledger::texts(situation.connection(), situation.names, migration.id);
  if (texts.up_sql.empty()) return {"(what was applied is not stored)"};
  const std::string text = unified_diff(texts.up_sql, migration.up.text, "applied", migration.file);
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return shortened(std::move(lines), kDiffLines);
}

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> details;
  std::size_t edited = 0;
  for (const StandingEntry& entry : situation.standings()) {
    if (entry.standing != Standing::edited) continue;
    ++edited;
    details.push_back(fmt::format("{} {}", entry.label(), entry.name()));
    for (const std::string& line : difference(situation, *entry.migration)) details.push_back("  " + line);
  }
  if (edited == 0) return HealthResult::good("every applied file is as it was applied");
  return HealthResult::bad(ErrorKind::validation,
                           fmt::format("{} edited after applying", counted(edited, "file was", "files were")),
                           "restore what was applied and put the change into a new migration, or accept the files as "
                           "they are with `martlet repair`",
                           std::move(details));
}

const Registered<HealthCheck> kCheck{{
    .id = "edited-files",
    .summary = "applied files are what was applied",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::files,
    .needs = HealthNeed::standings,
    .run = run,
}};

}  // namespace
}  // namespace martlet
