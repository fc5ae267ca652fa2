#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/lint/report.h"

namespace martlet {
namespace {

std::string render(const LintReport& report, const Output&) {
  const bool ok = report.count(Finding::Severity::error) == 0;
  nlohmann::ordered_json whole{{"ok", ok}, {"code", ok ? 0 : exit_code(ErrorKind::validation)}};
  whole.update(lint_json(report));
  return whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

const Registered<LintFormat> kFormat{
    {.id = "json", .summary = "one object, as with --json", .render = render, .shows_fingerprints = true}};

}  // namespace
}  // namespace martlet
