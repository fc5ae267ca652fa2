#include "plan/script.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {
namespace {

class Script {
 public:
  explicit Script(std::chrono::milliseconds lock_wait) : lock_wait_(lock_wait) {
    line("\\set ON_ERROR_STOP on");
    limit_lock_waits();
  }

  void add(const PlannedMigration& migration) {
    line(fmt::format("\n-- {}: {}", migration.label, migration.file));
    if (!migration.why.empty()) line("-- step by step, because of " + one_line(migration.why));
    if (!migration.stepwise) line("BEGIN;");
    for (const PlannedStep& each : migration.steps) {
      if (each.phase == Phase::expand) add(each, migration.stepwise);
    }
    close();
    if (!migration.stepwise) line("COMMIT;");
    for (const PlannedStep& each : migration.steps) {
      if (each.phase != Phase::expand) later(each);
    }
    recorded_.push_back(migration.label);
  }

  std::string text() {
    line("\n-- This script records nothing. Afterwards, for each of these: martlet stamp VERSION");
    for (const std::string& each : recorded_) line("--   " + each);
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { text_.append(text).append("\n"); }

  static std::string one_line(const std::string& text) { return join(split_lines(text), " "); }

  void limit_lock_waits() { line(fmt::format("SET lock_timeout = '{}ms';", lock_wait_.count())); }

  void add(const PlannedStep& step, bool stepwise) {
    if (stepwise && step.transaction != open_) close();
    if (!step.note.empty()) line("-- " + one_line(step.note));
    if (step.batch) return add_loop(step);
    if (!step.traits.transactional()) return add_alone(step);
    if (stepwise && step.transaction && !open_) {
      line("BEGIN;");
      open_ = step.transaction;
    }
    statement(step);
  }

  void statement(const PlannedStep& step) {
    line(step.statement.text + ";");
    if (!step.statement.is_copy_in) return;
    text_ += step.statement.copy_data;
    line("\\.");
  }

  void add_loop(const PlannedStep& step) {
    line("DO $martlet$\nDECLARE\n  changed bigint;\nBEGIN\n  LOOP");
    line(fmt::format("    {};", step.statement.text));
    line(
        "    GET DIAGNOSTICS changed = ROW_COUNT;\n    COMMIT;\n    EXIT WHEN changed = 0;\n  END LOOP;\nEND "
        "$martlet$;");
  }

  void add_alone(const PlannedStep& step) {
    line("SET lock_timeout = 0;");
    statement(step);
    limit_lock_waits();
  }

  void close() {
    if (open_) line("COMMIT;");
    open_ = 0;
  }

  void later(const PlannedStep& step) {
    line(fmt::format("-- {}:{}", phase_name(step.phase), step.note.empty() ? "" : " " + one_line(step.note)));
    for (const std::string& each : split_lines(step.statement.text + ";")) line("--   " + each);
  }

  std::chrono::milliseconds lock_wait_;
  std::string text_;
  int open_ = 0;  // the number of the transaction that is open
  std::vector<std::string> recorded_;
};

}  // namespace

std::string psql_script(std::span<const PlannedMigration> migrations, std::chrono::milliseconds lock_wait) {
  Script script(lock_wait);
  for (const PlannedMigration& each : migrations) script.add(each);
  return script.text();
}

}  // namespace martlet
