#include <fmt/format.h>

#include "base/registry.h"
#include "cli/error_text.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "run/promotion.h"

namespace martlet {
namespace {

Style style_of(DownLabel label) {
  switch (label) {
    case DownLabel::reversible:
      return Style::good;
    case DownLabel::lossy:
    case DownLabel::irreversible:
    case DownLabel::missing:
      return Style::warning;
    case DownLabel::not_inverse:
    case DownLabel::failed:
      return Style::bad;
  }
  return Style::plain;
}

void show_failure(Output& output, const Error& failure) {
  output.line(fmt::format("      {}{}{}", failure.place.text(), failure.place.known() ? ": " : "", failure.message),
              Style::bad);
  if (!failure.detail.empty()) output.line(failure.detail, Style::dim);
}

void show(Output& output, const ProofItem& item) {
  const std::string label = fmt::format("{:<12}", item.went_up ? label_name(item.down_label) : "up failed");
  output.line(fmt::format(" {}  {:<40}  {}  up {}, down {}, up again {}", output.styled(item.label, Style::strong),
                          item.name, output.styled(label, item.went_up ? style_of(item.down_label) : Style::bad),
                          show_duration(item.up), show_duration(item.down), show_duration(item.again)));
  if (!item.difference.empty()) output.line(item.difference, Style::dim);
  for (const Error& failure : item.failures) show_failure(output, failure);
}

nlohmann::ordered_json to_json(const ProofItem& item) {
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const Error& failure : item.failures) {
    failures.push_back({{"place", failure.place.text()}, {"message", failure.message}, {"detail", failure.detail}});
  }
  return {{"version", item.id},
          {"name", item.name},
          {"down", label_name(item.down_label)},
          {"passed", item.passed()},
          {"up_ms", item.up.count()},
          {"down_ms", item.down.count()},
          {"again_ms", item.again.count()},
          {"difference", item.difference},
          {"failures", std::move(failures)}};
}

int run(Context& context) {
  Output& output = context.output;
  auto& list = output.json()["migrations"] = nlohmann::ordered_json::array();
  ProofOptions options{.scratch_url = context.config.text("scratch_url"),
                       .tests_path = context.config.text("tests.dir")};
  std::size_t passed = 0;
  options.finished = [&](const ProofItem& item) {
    show(output, item);
    list.push_back(to_json(item));
    passed += item.passed();
  };
  const RunSettings settings = run_settings(context);
  const ProofReport report = prove(settings, options);
  if (context.arguments.has("record")) record_tested(settings, report.items);
  for (const Error& failure : report.failures) show_failure(output, failure);
  output.line(
      fmt::format("{} of {} migrations passed: up, down, up again on a scratch database", passed, report.items.size()),
      report.passed() ? Style::good : Style::bad);
  return report.passed() ? 0 : exit_code(ErrorKind::validation);
}

const Registered<Command> kCommand{{
    .id = "test",
    .summary = "prove on a scratch database that each migration goes up, down and up again",
    .details =
        "The catalog after each down must be the one before its up. Each down is labelled: reversible; lossy (it\n"
        "drops what held data); not inverse (the catalog is not what it was). A project's own checks run at\n"
        "their moments: tests/<file stem>.before.sql, .after.sql and .down.sql, with lines\n"
        "`-- martlet:check \"SELECT …\" expect \"…\"`. The scratch database is made beside the target\n"
        "(PostgreSQL needs CREATEDB; see scratch_url) and dropped.\n"
        "With --record the target's audit says which downs were proved: what promote_from asks for.",
    .options = {{"--record", "", "record in the target's audit which downs were proved"}},
    .examples = {"martlet test", "martlet test --json", "martlet --env staging test --record"},
    .run = run,
    .group = "Checks",
}};

}  // namespace
}  // namespace martlet
