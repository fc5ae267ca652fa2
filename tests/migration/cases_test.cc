// Runs the text cases of tests/migration/cases: folders of files, and what martlet says about them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "migration/folder.h"
#include "tests/support/folder.h"

namespace martlet {
namespace {

struct CaseFile {
  std::string name, content;
};

struct Case {
  std::string title;
  std::vector<CaseFile> files;
  FolderOptions options;
  bool validate = false;  // also everything that validate_files finds
  std::string input, expected;
};

// A case: "== title", then "file NAME" with its lines behind two spaces, "option NAME VALUE", "validate", and "expect"
// with the expected lines behind two spaces.
std::vector<Case> read_cases(const std::string& text) {
  std::vector<Case> cases;
  std::string* block = nullptr;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("== ")) {
      cases.push_back({line.substr(3)});
      block = nullptr;
    } else if (line == "expect") {
      block = &cases.back().expected;
      continue;
    } else if (line.starts_with("file ")) {
      block = &cases.back().files.emplace_back(CaseFile{line.substr(5), ""}).content;
    } else if (line.starts_with("option layout ")) {
      cases.back().options.layout = line.substr(14);
    } else if (line.starts_with("option gaps ")) {
      cases.back().options.gaps = line.substr(12);
    } else if (line == "validate") {
      cases.back().validate = true;
    } else if (block && (line.empty() || line.starts_with("  "))) {
      *block += (line.empty() ? "" : line.substr(2)) + "\n";
      if (block == &cases.back().expected) continue;
    } else if (!line.empty() && !line.starts_with("#")) {
      ADD_FAILURE() << "a case file has the line: " << line;
    }
    if (!cases.empty()) cases.back().input += line + "\n";
  }
  for (Case& one : cases) {
    while (one.expected.ends_with("\n\n")) one.expected.pop_back();
    while (one.input.ends_with("\n\n")) one.input.pop_back();
    for (CaseFile& file : one.files) {
      while (file.content.ends_with("\n\n")) file.content.pop_back();
      if (file.content == "\n") file.content.clear();
    }
  }
  return cases;
}

std::string show_part(std::string_view name, const SourceText& part) {
  return fmt::format("  {} from line {} of {}: {}\n", name, part.first_line,
                     std::filesystem::path(part.file).filename().string(),
                     split_list(part.text, '\n').empty() ? "nothing" : join(split_list(part.text, '\n'), " | "));
}

std::string show(const Migration& migration) {
  std::string text = fmt::format("{} {} \"{}\"{}{}\n", kind_name(migration.kind), migration.label, migration.name,
                                 migration.transactional ? "" : " no-transaction",
                                 migration.down_transactional ? "" : " down-no-transaction");
  if (migration.down) text += show_part("down", *migration.down);
  if (migration.contract) text += show_part("contract", *migration.contract);
  if (!migration.depends.empty()) text += fmt::format("  depends on {}\n", join(migration.depends, ", "));
  if (migration.irreversible) text += fmt::format("  irreversible: {}\n", *migration.irreversible);
  if (migration.lock_wait) text += fmt::format("  lock wait {} ms\n", migration.lock_wait->count());
  if (migration.statement_timeout) text += fmt::format("  statement {} ms\n", migration.statement_timeout->count());
  for (const Check& check : migration.checks) {
    text += fmt::format("  check at line {}: {} = {}\n", check.place.line, check.sql, check.expected);
  }
  for (const HeaderField& field : migration.header) text += fmt::format("  {}: {}\n", field.name, field.text);
  for (const Directive& directive : migration.directives) {
    text += fmt::format("  directive {}:{} {} [{}]\n", directive.place.line, directive.place.column, directive.name,
                        directive.arguments);
  }
  return text;
}

std::string show(const Finding& finding) {
  constexpr std::string_view kSeverity[] = {"note", "warning", "error"};
  return fmt::format("{} {} at {}: {}\n  next: {}\n", kSeverity[static_cast<int>(finding.severity)], finding.id,
                     finding.place.text(), finding.message, finding.next);
}

std::string outcome(const Case& one, const std::string& path) {
  FolderOptions options = one.options;
  options.path = path;
  std::string text;
  try {
    const Folder folder = read_folder(options);
    text += "layout " + folder.layout + "\n";
    for (const Migration& migration : folder.migrations) text += show(migration);
    for (const Callback& callback : folder.callbacks) text += "callback " + callback.event + "\n";
    const auto findings = one.validate ? validate_files(folder, options) : folder.problems;
    for (const Finding& finding : findings) text += show(finding);
  } catch (const Error& error) {
    text += fmt::format("throws {} at {}: {}\n  next: {}\n", kind_name(error.kind), error.place.text(), error.message,
                        error.next_step);
  }
  for (auto at = text.find(path); at != std::string::npos; at = text.find(path)) text.replace(at, path.size(), "DIR");
  return text;
}

std::string indented(const std::string& text) {
  std::string result;
  for (const std::string& line : split_list(text, '\n')) result += "  " + line + "\n";
  return result;
}

// Lines are compared without their indentation, which the case files use for themselves.
std::string flat(const std::string& text) {
  return join(split_list(text, '\n'), "\n");
}

class MigrationCases : public ::testing::TestWithParam<std::string> {};

TEST_P(MigrationCases, SayWhatIsExpected) {
  const std::string source = read_file(GetParam());
  const bool rebaseline = std::getenv("MARTLET_REBASELINE") != nullptr;
  std::string rewritten;
  for (const Case& one : read_cases(source)) {
    SCOPED_TRACE(one.title);
    const testing::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "m");
    for (const CaseFile& file : one.files) folder.write("m/" + file.name, file.content);
    const std::string got = outcome(one, folder / "m");
    if (!rebaseline) {
      EXPECT_EQ(flat(got), flat(one.expected));
      EXPECT_FALSE(one.expected.empty()) << "the case expects nothing";
    }
    rewritten += one.input + "expect\n" + indented(got) + "\n";
  }
  if (rebaseline) write_file(GetParam(), rewritten);
}

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  const std::string folder = MARTLET_SOURCE_DIR "/tests/migration/cases";
  for (const std::string& name : list_folder(folder)) files.push_back(folder + "/" + name);
  return files;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& file) {
  std::string name = std::filesystem::path(file.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, MigrationCases, ::testing::ValuesIn(case_files()), test_name);

}  // namespace
}  // namespace martlet
