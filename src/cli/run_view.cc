#include "cli/run_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

constexpr std::size_t kWidestName = 48;

Progress::Where where(const OutputOptions& options) {
  return options.interactive && !options.quiet && !options.json ? Progress::Where::terminal : Progress::Where::nowhere;
}

std::string state_behind(const std::string& word) {
  const std::pair<std::string_view, std::string_view> kStates[] = {
      {"down", "reverted"}, {"expand", "expanded"}, {"contract", "contracted"}, {"finish", "finished"}};
  for (const auto& [done, state] : kStates) {
    if (word == done) return std::string(state);
  }
  return "applied";
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

}  // namespace

RunView::RunView(Output& output)
    : output_(output), progress_(where(output.options()), static_cast<std::size_t>(output.options().width)) {
  events_.subscribe([this](const Event& event) { show(event); });
  log::subscribe(events_);
}

RunView::RunView(Context& context, std::string_view command, const Identity& who) : RunView(context.output) {
  alerts_.emplace(
      context, command, who, [this](const std::string& text) { warn(text); },
      [this](const std::string& text) { side_line(text); });
  metrics_file_ = context.config.text("metrics.textfile");
  const AlertOrigin origin = alert_origin(context.config, command, who);
  metrics_origin_ = {origin.environment, origin.database, origin.command};
  events_.subscribe([this](const Event& event) {
    figures_.note(event, std::chrono::steady_clock::now());
    alerts_->note(event);
  });
}

RunReport RunView::follow(const std::function<RunReport()>& run) const {
  try {
    return run();
  } catch (const Error& error) {
    const bool is_told = has_begun_ || error.kind == ErrorKind::usage;
    if (!is_told) {
      const std::string text = "it did not begin: " + error.message;
      events_.emit({.kind = EventKind::migration_failed, .text = text, .place = error.place});
    }
    throw;
  }
}

RunView::~RunView() {
  progress_.end();
  write_metrics();
  alerts_.reset();  // which may still have something to warn of
  auto& json = output_.json();
  if (!json.contains("migrations")) json["migrations"] = std::move(migrations_);
  if (!gates_.empty() && !json.contains("gates")) json["gates"] = std::move(gates_);
  if (!warnings_.empty()) json["warnings"] = std::move(warnings_);
  if (!notices_.empty()) json["notices"] = std::move(notices_);
}

void RunView::show(const Event& event) {
  has_begun_ = has_begun_ || event.kind == EventKind::run_started || event.kind == EventKind::migration_failed;
  switch (event.kind) {
    case EventKind::migration_planned:
      return migration_planned(event);
    case EventKind::migration_started:
      return migration_started(event);
    case EventKind::migration_finished:
      return migration_finished(event);
    case EventKind::migration_failed:
      return migration_failed(event);
    case EventKind::statement_progress:
      return progress_.note(event.text);
    case EventKind::statement_finished:
      return progress_.advance(event.done + 1);
    case EventKind::waiting_for_lease:
      return waiting(event, "another run is at work, waiting: ");
    case EventKind::waiting_for_lock:
      return waiting(event, "waiting for a lock held by ");
    case EventKind::paused:
      return waiting(event, "standing still: ");
    case EventKind::going_on:
      return waiting(event, "going on");
    case EventKind::retrying:
      return waiting(event, "rolled back, will try again: ");
    case EventKind::resuming:
      return side_line("resuming: " + event.text);
    case EventKind::hook:
      return side_line("hook " + event.text);
    case EventKind::gate_passed:
      note_gate(event);
      return side_line("gate " + event.text);
    case EventKind::gate_failed:
      note_gate(event);
      return warn("gate " + event.text);
    case EventKind::integrity_violated:
      return warn("integrity: " + event.text);
    case EventKind::rolled_back:
      return warn("rolled back: " + event.text);
    case EventKind::rollback_refused:
      return warn("not rolled back: " + event.text);
    case EventKind::notice:
      notices_.push_back(mask_passwords(event.text));
      if (output_.options().verbose) side_line(event.text);
      return;
    case EventKind::warning:
      return warn(event.text);
    case EventKind::statement_started:
      if (output_.options().verbose && event.place.line > 0) side_line("running " + event.place.text());
      return;
    case EventKind::run_started:
    case EventKind::run_finished:
    case EventKind::backup_failed:  // these are said by what the command says
    case EventKind::restored:
    case EventKind::overridden:
      return;
  }
}

void RunView::note_gate(const Event& event) {
  gates_.push_back(
      {{"gate", event.id}, {"passed", event.kind == EventKind::gate_passed}, {"text", mask_passwords(event.text)}});
}

// Each warning once: what is seen at every safe point is said at the first.
void RunView::warn(std::string_view text) {
  const std::string masked = mask_passwords(text);
  if (std::find(warnings_.begin(), warnings_.end(), masked) != warnings_.end()) return;
  warnings_.push_back(masked);
  progress_.wipe();
  if (!output_.options().json) output_.warn(masked);
}

// Figures that cannot be written are no reason to fail a run.
void RunView::write_metrics() {
  if (metrics_file_.empty() || figures_.outcome() == RunFigures::Outcome::none) return;
  try {
    update_textfile(metrics_file_, figures_, metrics_origin_);
  } catch (const Error& error) {
    warn("no metrics: " + error.message);
  }
}

void RunView::migration_planned(const Event& event) {
  label_width_ = std::max(label_width_, display_width(event.migration));
  name_width_ = std::max(name_width_, std::min(kWidestName, display_width(event.text)));
}

void RunView::migration_started(const Event& event) {
  begun_[event.migration] = {event.id, event.text, event.place.file};
  progress_.begin(
      {.title = fmt::format("{}  {}", event.migration, event.text), .unit = "statements", .total = event.total});
}

void RunView::migration_finished(const Event& event) {
  progress_.end();
  const Begun begun = begun_[event.migration];
  begun_.erase(event.migration);
  const std::string state = state_behind(event.text);
  migrations_.push_back(
      {{"version", begun.id}, {"name", begun.name}, {"state", state}, {"duration_ms", event.elapsed.count()}});
  result_line(event.migration, begun.name, {state, Style::good}, show_duration(event.elapsed));
}

// The event tells the place of the error; the migration is the one that was begun from that file.
void RunView::migration_failed(const Event& event) {
  progress_.end();
  for (const auto& [label, begun] : begun_) {
    if (begun_.size() > 1 && begun.file != event.place.file) continue;
    migrations_.push_back({{"version", begun.id}, {"name", begun.name}, {"state", "failed"}});
    result_line(label, begun.name, {"failed", Style::bad}, "");
    break;
  }
  begun_.clear();
}

// Retries come several times a second: what has been said is only repeated where it changes.
void RunView::waiting(const Event& event, std::string_view prefix) {
  const std::string text = fmt::format("{}{}", prefix, event.text);
  progress_.note(text);
  if (text != last_side_line_) side_line(text);
  last_side_line_ = text;
}

void RunView::side_line(std::string_view text) {
  if (output_.options().quiet || output_.options().json) return;
  progress_.wipe();
  std::fflush(stdout);
  fmt::print(stderr, "   {}\n", one_line(mask_passwords(text)));
}

void RunView::result_line(const std::string& label, const std::string& name, Cell state, const std::string& time) {
  output_.line(fmt::format(" {}  {}  {}  {:>9}", output_.styled(padded(label, label_width_), Style::strong),
                           padded(one_line(name), name_width_), output_.styled(padded(state.text, 8), state.style),
                           time));
  std::fflush(stdout);
}

}  // namespace martlet
