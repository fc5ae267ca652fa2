#include "cli/health_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/output.h"
#include "cli/safeguards.h"

namespace martlet {
namespace {

struct Mark {
  std::string_view sign;  // where there is colour
  Style style;
};

const Mark& mark_of(HealthState state) {
  static constexpr std::array<Mark, 4> kMarks{Mark{"✓", Style::good}, Mark{"!", Style::warning}, Mark{"✗", Style::bad},
                                              Mark{"-", Style::dim}};
  return kMarks[static_cast<std::size_t>(state)];
}

class HealthView {
 public:
  HealthView(Context& context, const std::vector<const HealthCheck*>& checks) : output_(context.output) {
    for (const HealthCheck* check : checks) width_ = std::max(width_, check->id.size());
    output_.json()["checks"] = nlohmann::ordered_json::array();
  }

  void show(const HealthReport& report) {
    ++counts_[static_cast<std::size_t>(report.result.state)];
    add_json(report);
    const HealthResult& result = report.result;
    const bool quiet_state = result.state == HealthState::good || result.state == HealthState::skipped;
    output_.line(
        fmt::format("{}  {:<{}}  {}", mark(result.state), report.check->id, width_,
                    output_.styled(result.message, result.state == HealthState::skipped ? Style::dim : Style::plain)));
    for (const std::string& detail : result.details) indented(detail, quiet_state ? Style::dim : Style::plain);
    if (!result.next.empty()) indented("next: " + result.next, Style::strong);
  }

  void conclude() {
    std::vector<std::string> parts;
    for (const HealthState state : {HealthState::good, HealthState::warning, HealthState::bad, HealthState::skipped}) {
      const std::size_t count = counts_[static_cast<std::size_t>(state)];
      if (count > 0) parts.push_back(fmt::format("{} {}", count, health_word(state)));
      output_.json()["counts"][std::string(health_word(state))] = count;
    }
    const bool bad = counts_[static_cast<std::size_t>(HealthState::bad)] > 0;
    output_.line();
    output_.line(join(parts, ", "), bad ? Style::bad : Style::good);
  }

 private:
  // Words where nothing can be told by colour: for logs, and for whoever searches in them.
  std::string mark(HealthState state) const {
    if (!output_.options().color) return fmt::format("{:<{}}", health_word(state), kWordWidth);
    return output_.styled(mark_of(state).sign, mark_of(state).style);
  }

  void indented(std::string_view text, Style style) {
    const std::size_t indent = (output_.options().color ? 1 : kWordWidth) + 2 + width_ + 2;
    for (const std::string& line : split_list(text, '\n')) output_.line(std::string(indent, ' ') + line, style);
  }

  void add_json(const HealthReport& report) {
    output_.json()["checks"].push_back({{"id", report.check->id},
                                        {"state", health_word(report.result.state)},
                                        {"message", report.result.message},
                                        {"details", report.result.details},
                                        {"next", report.result.next}});
  }

  static constexpr std::size_t kWordWidth = 7;
  Output& output_;
  std::size_t width_ = 0;
  std::array<std::size_t, 4> counts_{};
};

}  // namespace

int run_health_checks(Context& context, AskedBy asker) {
  HealthSituation situation(health_target(context.config));
  HealthView view(context, health_checks(asker, situation.names.dialect));
  const auto reports = examine(situation, asker, [&view](const HealthReport& report) { view.show(report); });
  view.conclude();
  return exit_code(reports);
}

}  // namespace martlet
