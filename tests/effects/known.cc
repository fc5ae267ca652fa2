#include "tests/effects/known.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"

namespace martlet::testing {
namespace {

const char* const kFile = MARTLET_SOURCE_DIR "/tests/effects/known.tsv";

/// By the file of cases.
struct Known {
  std::map<std::string, std::set<std::string>> wrong;
  std::map<std::string, std::size_t> not_known;
};

/// Lines "wrong TAB file TAB statement" and "not known TAB file TAB count".
Known read_known() {
  Known known;
  std::ifstream in(kFile);
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> columns = split_list(line, '\t');
    if (columns.size() != 3) continue;
    if (columns[0] == "wrong") known.wrong[columns[1]].insert(columns[2]);
    if (columns[0] == "not known") known.not_known[columns[1]] = std::stoul(columns[2]);
  }
  return known;
}

void write_known(const Known& known) {
  std::ofstream out(kFile);
  out << "what\tfile\tstatement, or how many\n";
  for (const auto& [name, count] : known.not_known) {
    if (count > 0) out << "not known\t" << name << "\t" << count << "\n";
  }
  for (const auto& [name, statements] : known.wrong) {
    for (const std::string& statement : statements) out << "wrong\t" << name << "\t" << statement << "\n";
  }
}

}  // namespace

void expect_no_worse_than_known(const std::string& name, const Tally& tally) {
  static Known known = read_known();
  std::set<std::string> wrong;
  for (const Outcome& each : tally.wrong) wrong.insert(each.of.sql);
  if (std::getenv("MARTLET_REBASELINE")) {
    known.wrong[name] = std::move(wrong);
    known.not_known[name] = tally.count_not_known();
    return write_known(known);
  }
  for (const Outcome& each : tally.wrong) {
    if (!known.wrong[name].contains(each.of.sql)) ADD_FAILURE() << text_of(each);
  }
  for (const std::string& statement : known.wrong[name]) {
    if (!std::getenv("MARTLET_EFFECTS_ONLY") && !wrong.contains(statement)) {
      ADD_FAILURE() << "is right by now, so take it out of tests/effects/known.tsv: " << statement;
    }
  }
  EXPECT_LE(tally.count_not_known(), known.not_known[name]) << "more cases are not known than before";
}

}  // namespace martlet::testing
