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

}  // namespace

FixedFiles fix_files(const Linted& linted, FixMode mode) {
  if (!linted.subject.applied_files.empty()) {
    throw Error(ErrorKind::validation, "it is applied, so its text must stay as it is")
        .at({linted.subject.applied_files.front()})
        .leaves("no file was changed")
        .next("put the change into a new migration");
  }
  FixedFiles result;
  const std::deque<HazardFinding>& findings = linted.report.findings;
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
      if (mode == FixMode::write) write_file(file, after.text);
    }
  }
  return result;
}

}  // namespace martlet
