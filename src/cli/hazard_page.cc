#include "cli/hazard_page.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/help.h"
#include "hazard/active.h"
#include "hazard/example.h"

namespace martlet {
namespace {

std::string indented(std::string_view text, std::size_t blanks) {
  std::string result;
  for (const std::string& line : split_lines(text)) {
    result += line.empty() ? "\n" : fmt::format("{:{}}{}\n", "", blanks, line);
  }
  return result;
}

std::string section(std::string_view title, const std::string& body) {
  return body.empty() ? "" : fmt::format("\n{}\n{}", title, body);
}

std::string where(const Hazard& hazard) {
  if (hazard.both_dialects) return "PostgreSQL and SQLite";
  return hazard.dialect == Dialect::sqlite ? "SQLite" : "PostgreSQL";
}

std::string code_block(const std::string& sql) {
  return fmt::format("```sql\n{}```\n\n", sql);
}

std::string markdown(const Hazard& hazard) {
  std::string text = fmt::format("## {}\n\n{}. {}; {}.\n\n{}\n\n", hazard.id, hazard.summary,
                                 severity_word(hazard.severity), where(hazard), hazard.why);
  const auto example = example_of(hazard.id);
  const auto finding = example_finding(hazard);
  if (example && finding) {
    text += code_block(example->migration) + fmt::format("> {}\n\n", finding->finding.message);
    if (!finding->happening.empty()) text += fmt::format("It {}.\n\n", finding->happening);
  }
  text += fmt::format("{}\n\n", hazard.safe_form);
  if (finding && !finding->safe_sql.empty()) text += code_block(finding->safe_sql);
  return text;
}

}  // namespace

std::string hazard_page(const Hazard& hazard) {
  std::string page =
      fmt::format("{}: {}\n{}, {}\n", hazard.id, hazard.summary, severity_word(hazard.severity), where(hazard));
  page += section("Why it hurts", wrap(hazard.why, 2));
  const auto example = example_of(hazard.id);
  const auto finding = example_finding(hazard);
  if (example && finding) {
    page += section("Example", indented(example->migration, 4));
    page += wrap(finding->finding.message, 2);
    if (!finding->happening.empty()) page += wrap("it " + finding->happening, 2);
  }
  page += section("What to do", wrap(hazard.safe_form, 2));
  if (finding && !finding->safe_sql.empty()) page += "\n" + indented(finding->safe_sql, 4);
  page += section("Where it does not matter",
                  wrap(fmt::format("-- martlet:allow {} \"reason\"", hazard.id), 2) +
                      wrap("above the statement accepts it there; `[lint] severity = {\"" + std::string(hazard.id) +
                               "\" = \"off\"}` in martlet.toml everywhere.",
                           2));
  return page;
}

std::string hazards_markdown() {
  std::string text =
      "# Hazards\n\nWhat `martlet lint` looks for. `martlet explain HAZARD` shows the same page in a terminal. This "
      "file is "
      "made by `./dev test --rebaseline`.\n\n| hazard | severity | what it is |\n|---|---|---|\n";
  for (const Hazard* each : Registry<Hazard>::all()) {
    text += fmt::format("| [{}](#{}) | {} | {} |\n", each->id, each->id, severity_word(each->severity), each->summary);
  }
  text += "\n";
  for (const Hazard* each : Registry<Hazard>::all()) text += markdown(*each);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace martlet
