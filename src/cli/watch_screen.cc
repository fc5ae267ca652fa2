#include "cli/watch_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/terminal.h"

namespace martlet {
namespace {

constexpr std::size_t kName = 11;  // of the column of names

Style style_of(const std::string& state) {
  if (state == "running") return Style::good;
  return state == "ended" ? Style::dim : Style::warning;
}

std::string bar(double share, std::size_t width) {
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  std::string text;
  for (std::size_t i = 0; i < width; ++i) text += i < filled ? "█" : "░";
  return text;
}

std::string share_text(double share, std::size_t width) {
  return fmt::format("{} {:>3.0f} %", bar(share, width), 100 * std::clamp(share, 0.0, 1.0));
}

double share_of_units(const RunProgress& progress) {
  return progress.units_total > 0 ? static_cast<double>(progress.units_done) / static_cast<double>(progress.units_total)
                                  : 0;
}

// The statement that is running counts as far as it is.
double share_of_steps(const RunProgress& progress) {
  const double before = progress.step > 0 ? static_cast<double>(progress.step - 1) : 0;
  return (before + share_of_units(progress)) / static_cast<double>(progress.steps);
}

class Screen {
 public:
  Screen(const WatchLook& look, std::size_t columns, const Output& output)
      : look_(look), columns_(columns), output_(output) {}

  std::vector<std::string> lines() {
    add(fmt::format("martlet watch   {}   {}", look_.where, look_.time), Style::strong);
    add("");
    if (!look_.trouble.empty()) {
      add("cannot look: " + look_.trouble, Style::bad);
    } else if (!look_.run) {
      add("no run is at work on this database", Style::dim);
      field("before", look_.last);
    } else {
      run(*look_.run);
    }
    lag();
    locks();
    return std::move(lines_);
  }

 private:
  void add(const std::string& text, Style style = Style::plain) {
    lines_.push_back(output_.styled(cut_to_width(one_line(text), columns_), style));
  }
  void field(std::string_view name, const std::string& value, Style style = Style::plain) {
    if (value.empty()) return;
    const std::size_t room = columns_ > kName ? columns_ - kName : 1;
    lines_.push_back(fmt::format("{:<{}}{}", name, kName, output_.styled(cut_to_width(one_line(value), room), style)));
  }

  void run(const Running& running) {
    const RunProgress& progress = running.row.progress;
    const std::size_t width = std::clamp<std::size_t>(columns_ / 5, 10, 30);
    field("run", running.holder.text());
    field("state", running.state(), style_of(running.state()));
    field("because", progress.reason, Style::warning);
    field("migration", progress.migration, Style::strong);
    if (progress.steps > 0) {
      field("statement", fmt::format("{}  {} of {}  {}", share_text(share_of_steps(progress), width), progress.step,
                                     progress.steps, progress.doing));
    }
    if (progress.units_total > 0) {
      field(progress.unit, fmt::format("{}  {}", share_text(share_of_units(progress), width), units_text(progress)));
    } else if (progress.units_done > 0) {
      field(progress.unit, units_text(progress));
    }
    if (running.row.wish != Wish::none) {
      field("wished", fmt::format("{} by {}", wish_word(running.row.wish), running.row.wished_by), Style::warning);
    }
    field("limits", running.row.limits);
    field("reported", running.row.age ? show_duration(*running.row.age) + " ago" : "not yet: it has just begun");
  }

  void lag() {
    for (const Standby& standby : look_.standbys) {
      const std::string behind = standby.milliseconds
                                     ? show_duration(Milliseconds(static_cast<long long>(*standby.milliseconds)))
                                     : std::string("not known how far");
      const std::string bytes = standby.bytes ? fmt::format(", {} bytes", *standby.bytes) : "";
      field("replica", fmt::format("{}: {} behind{}", standby.name, behind, bytes));
    }
  }

  void locks() {
    if (look_.locks.empty()) return;
    add("");
    add("who waits for whom", Style::strong);
    for (const LockSession& session : look_.locks) {
      const std::string wants =
          session.wants.empty() ? fmt::format("{} wait for it", session.behind) : "waits for " + session.wants;
      add(fmt::format("{}{} {} {} ({}): {}: {}", session.wants.empty() ? "" : "  └ ", session.pid, session.user,
                      session.application, show_duration(session.age), wants, session.query),
          session.wants.empty() ? Style::plain : Style::warning);
    }
  }

  const WatchLook& look_;
  const std::size_t columns_;
  const Output& output_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> watch_screen(const WatchLook& look, const std::string& footer, std::size_t rows,
                                      std::size_t columns, const Output& output) {
  std::vector<std::string> lines = Screen(look, columns, output).lines();
  lines.resize(rows > 0 ? rows - 1 : 0);
  lines.push_back(output.styled(cut_to_width(footer, columns), Style::dim));
  return lines;
}

std::string watch_line(const WatchLook& look) {
  if (!look.trouble.empty()) return "cannot look: " + one_line(look.trouble);
  if (!look.run) return "no run is at work on this database";
  const RunProgress& progress = look.run->row.progress;
  std::string line = look.run->state();
  if (!progress.migration.empty()) {
    line += fmt::format("  {}  statement {} of {}", progress.migration, progress.step, progress.steps);
  }
  if (!progress.doing.empty()) line += fmt::format(" ({})", progress.doing);
  if (progress.units_done > 0 || progress.units_total > 0) line += "  " + units_text(progress);
  if (!progress.reason.empty()) line += "  because " + one_line(progress.reason);
  return line;
}

}  // namespace martlet
