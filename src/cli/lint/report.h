// What `lint` found, and the forms it can be printed in: one file in formats/ each.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "hazard/hazard.h"

namespace martlet {

struct LintReport {
  std::deque<HazardFinding> findings;  // in the order in which the files run, then by place; large, so never moved
  std::vector<std::string> files;      // that were judged, as they are shown
  std::map<std::string, std::string> texts;  // what did not come from a file: standard input, by its name
  std::string against;                       // "on the database …", "without a database: …", …
  std::size_t statements = 0;
  std::size_t allowed = 0;  // findings that the files allow
  std::size_t applied = 0;  // migrations that were left out because they are applied already

  std::size_t count(Finding::Severity severity) const;
  /// "3 errors, 1 warning, 2 notes".
  std::string tally() const;
};

struct LintFormat {
  std::string_view id;
  std::string_view summary;
  /// The whole text, with its last line end. Colours are `paint`'s business.
  std::string (*render)(const LintReport& report, const Output& paint);
  bool shows_details = true;        // what happens, and the safe SQL
  bool shows_fingerprints = false;  // what a finding is recognised by in another run
};

/// What was judged, on what, and how many findings there are.
void show_closing_line(Output& output, const LintReport& report);

/// The findings as --json and --format json have them, with counts and what they were judged against.
nlohmann::ordered_json lint_json(const LintReport& report);

}  // namespace martlet
