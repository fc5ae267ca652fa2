#include "cli/preflight/preflight.h"

#include <fmt/format.h>

#include <array>

#include "base/registry.h"
#include "cli/output.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 3> kParts{"before the run", "during the run", "after the run"};

Style style_of(PreflightState state) {
  if (state == PreflightState::pass) return Style::good;
  return state == PreflightState::fail ? Style::bad : Style::warning;
}

// "10-validated" → "validated": the number is only for the order.
std::string_view id_of(const PreflightItem& item) {
  return item.id.substr(item.id.find('-') + 1);
}

void show(Output& output, const std::vector<PreflightResult>& results) {
  auto& json = output.json()["items"] = nlohmann::ordered_json::array();
  std::optional<PreflightPart> part;
  for (const auto& [item, answer] : results) {
    json.push_back({{"id", id_of(*item)},
                    {"part", kParts[static_cast<std::size_t>(item->part)]},
                    {"question", item->question},
                    {"state", preflight_word(answer.state)},
                    {"why", answer.text},
                    {"next", answer.next}});
    if (part != item->part) output.line(kParts[static_cast<std::size_t>(item->part)], Style::strong);
    part = item->part;
    output.line(fmt::format("  {}  {}: {}",
                            output.styled(fmt::format("{:<7}", preflight_word(answer.state)), style_of(answer.state)),
                            item->question, answer.text));
    if (answer.state != PreflightState::pass && !answer.next.empty()) {
      output.line(fmt::format("           next: {}", answer.next), Style::dim);
    }
  }
}

int run(Context& context) {
  const bool after = context.arguments.has("after");
  PreflightFacts facts(context);
  const auto results = after ? preflight(facts, {PreflightPart::after})
                             : preflight(facts, {PreflightPart::before, PreflightPart::during});
  show(context.output, results);
  std::array<std::size_t, 3> counts{};
  for (const PreflightResult& result : results) ++counts[static_cast<std::size_t>(result.answer.state)];
  for (const PreflightState state : {PreflightState::pass, PreflightState::fail, PreflightState::unknown}) {
    context.output.json()["counts"][std::string(preflight_word(state))] = counts[static_cast<std::size_t>(state)];
  }
  const bool ready = counts[1] == 0 && (counts[2] == 0 || !context.arguments.has("strict"));
  context.output.line();
  context.output.line(fmt::format("{} pass, {} fail, {} unknown", counts[0], counts[1], counts[2]),
                      ready ? Style::good : Style::bad);
  return ready ? 0 : exit_code(ErrorKind::refused);
}

const Registered<Command> kCommand{{
    .id = "preflight",
    .summary = "the checklist before a deployment, computed: each item pass, fail or unknown, and why",
    .details =
        "Asks what teams tick off by hand: are the migrations valid, does the dry run succeed, is there a rollback "
        "and\n"
        "was it tested, does anything hold up the application, how long does it take, was it tested in staging\n"
        "(promote_from), is there a backup and was it ever restored, who is told, do the gates pass. Changes nothing.\n"
        "--after asks the list for when the run is over.\n\n"
        "Exit code: 0, or 9 where an item fails; with --strict also where one is unknown.",
    .options = {{"--after", "", "the list for after the run"},
                {"--strict", "", "what is unknown counts as failed"},
                {"--to", "VERSION", "of what `up` would run up to this version"},
                {"--steps", "N", "of at most N migrations"}},
    .examples = {"martlet preflight", "martlet preflight --env production --strict", "martlet preflight --after"},
    .run = run,
    .group = "Checks",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
