#include "cli/restore_command.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "backup/archive.h"
#include "base/files.h"
#include "cli/backup_settings.h"
#include "cli/command_alerts.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/target.h"
#include "run/restore_run.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

int jobs_of(const Arguments& arguments) {
  const std::string text = arguments.text("jobs");
  if (text.empty()) return 1;
  int jobs = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), jobs);
  if (failure == std::errc() && end == text.data() + text.size() && jobs >= 1 && jobs <= 64) return jobs;
  throw Error(ErrorKind::usage, fmt::format("--jobs {}: not a number from 1 to 64", text));
}

// A file of that name wins over a backup in the store: it was written with its path.
void find_source(const std::string& source, RestoreOrder& order) {
  if (!fs::is_regular_file(source)) {
    order.file = find_backup(order.backup.store, source).file;
    return;
  }
  order.plain = read_beginning(source, archive::kMagic.size()) != archive::kMagic;
  const fs::path path = fs::absolute(source);
  order.file = order.plain ? path.string() : path.filename().string();
  if (!order.plain) order.backup.store = {.folder = path.parent_path().string()};
}

std::string question(const RestoreOrder& order) {
  const std::string what = order.backup.url.shown();
  return fmt::format(
      "replace {} by {}? What was written since then is lost to it; the database of now is kept beside it", what,
      order.file);
}

std::string restored_text(const RestoreOrder& order) {
  const std::string& reason = order.options.reason;
  return reason.empty() ? order.file : fmt::format("{}; because: {}", order.file, reason);
}

}  // namespace

int restore_from(Context& context, const std::string& source) {
  RunSettings settings = common_settings(context);
  RestoreOrder order;
  order.backup = backup_settings(context.config);
  order.options.jobs = jobs_of(context.arguments);
  order.options.reason = context.arguments.text("reason");
  const std::string level = context.arguments.text("verify");
  if (!level.empty()) order.options.verify = level_from(level);
  order.to = context.arguments.text("to");
  find_source(source, order);
  if (!settings.guarded()) ask_or_refuse(context, question(order));
  CommandAlerts alerts(context, "restore", settings.who);
  const RestoreReport report = restore_database(settings, order);
  alerts.note({.kind = EventKind::restored, .text = restored_text(order)});
  context.output.json()["restored"] = order.file;
  context.output.json()["kept"] = report.kept;
  context.output.json()["version"] = report.version;
  context.output.line(
      fmt::format("restored {}{}", order.file, report.version.empty() ? "" : ": the database is at " + report.version),
      Style::good);
  if (!report.kept.empty()) {
    context.output.line(fmt::format("the database of before is \"{}\"; drop it when you are sure", report.kept));
  }
  return 0;
}

}  // namespace martlet
