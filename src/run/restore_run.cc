#include "run/restore_run.h"

#include <fmt/format.h>

#include "history/standing.h"
#include "run/runner.h"

namespace martlet {
namespace {

void refuse_if_guarded(const RunSettings& settings, const RestoreOptions& options) {
  if (!settings.guarded() || (settings.agreed && !options.reason.empty())) return;
  const std::string where = settings.environment.empty() ? "this environment" : settings.environment;
  throw Error(ErrorKind::refused,
              fmt::format("{} is protected: a restore loses what was written since the backup", where))
      .leaves("nothing was changed")
      .next("when that is what you want, add --yes and --reason \"why\", which is recorded");
}

// Nobody uses that database yet: what would block an application blocks nobody, and what it destroys is a copy.
RunSettings on_restored(const RunSettings& settings, const Url& url) {
  RunSettings changed = settings;
  changed.url = url;
  changed.protection = RunSettings::Protection::open;
  changed.judges = false;
  changed.reviewed_plan.clear();
  changed.create_database = false;
  changed.hooks = {};
  changed.backup = nullptr;
  changed.safeguards = nullptr;
  return changed;
}

std::string version_of(const RunSettings& settings) {
  const auto connection = open_connection(settings.url);
  const Ledger ledger = Ledger::read(*connection, HistoryNames::make(settings.history, settings.url.dialect()));
  return ledger.exists() ? current_version(compare({}, ledger)) : "";
}

}  // namespace

RestoreReport restore_database(const RunSettings& settings, const RestoreOrder& order) {
  refuse_if_guarded(settings, order.options);
  const std::unique_ptr<Restore> restore = order.plain
                                               ? Restore::of_plain_file(order.backup, order.file, order.options)
                                               : std::make_unique<Restore>(order.backup, order.file, order.options);
  RestoreReport report;
  const RunSettings there = on_restored(settings, restore->url());
  if (!order.to.empty()) static_cast<void>(up(there, Goal::parse(order.to)));
  report.version = version_of(there);
  report.kept = restore->put_in_place();
  return report;
}

}  // namespace martlet
