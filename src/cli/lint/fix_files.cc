#include "cli/lint/fix_files.h"

#include <algorithm>
#include <set>

#include "base/files.h"
#include "base/text_diff.h"
#include "hazard/fix.h"

namespace martlet {
namespace {

std::set<std::string> files_of(const Migration& migration) {
  std::set<std::string> files{migration.file};
  if (migration.down) files.insert(migration.down->file);
  return files;
}

// Findings of `file` that the fixed text no longer has; `fixed` are their indexes among those of the file.
void take_out(std::deque<HazardFinding>& findings, const std::string& file, const std::vector<std::size_t>& fixed) {
  std::size_t index = 0;
  std::erase_if(findings, [&](const HazardFinding& each) {
    if (each.finding.place.file != file) return false;
    return std::ranges::count(fixed, index++) > 0;
  });
}

}  // namespace

FixedFiles fix_files(Linted& linted, FixMode mode) {
  if (!linted.subject.applied_files.empty()) {
    throw Error(ErrorKind::validation, "it is applied, so its text must stay as it is")
        .at({linted.subject.applied_files.front()})
        .leaves("no file was changed")
        .next("put the change into a new migration");
  }
  FixedFiles result;
  std::deque<HazardFinding>& findings = linted.report.findings;
  for (const LintSubject::Entry& entry : linted.subject.entries) {
    if (!entry.wanted || linted.subject.texts.contains(entry.migration.file)) continue;
    for (const std::string& file : files_of(entry.migration)) {
      std::vector<HazardFinding> own;
      std::ranges::copy_if(findings, std::back_inserter(own),
                           [&](const HazardFinding& each) { return each.finding.place.file == file; });
      if (std::ranges::none_of(own, [](const HazardFinding& each) { return each.fix.has_value(); })) continue;
      const std::string before = read_file(file);
      const FixedText after = fix_text(before, entry.migration, own);
      if (after.fixed.empty()) continue;
      result.diff += unified_diff(before, after.text, file, file);
      ++result.files;
      result.findings += after.fixed.size();
      if (mode == FixMode::show) continue;
      write_file(file, after.text);
      take_out(findings, file, after.fixed);
    }
  }
  return result;
}

}  // namespace martlet
