#include "backup/restore.h"

#include <fmt/format.h>

#include <filesystem>

#include "backup/name.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/text.h"
#include "history/audit.h"
#include "history/standing.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestName = 63;  // bytes, of a PostgreSQL database

// "shop" → "shop_restoring"; "shop.db" → "shop_restoring.db". PostgreSQL would cut a name that is too long.
std::string name_beside(const Url& url, const std::string& word) {
  if (url.dialect() == Dialect::sqlite) {
    const std::filesystem::path file = std::filesystem::path(url.target()).filename();
    return file.stem().string() + word + file.extension().string();
  }
  std::string name = url.database();
  while (name.size() + word.size() > kLongestName) {
    const bool inside = (static_cast<unsigned char>(name.back()) & 0xc0) == 0x80;  // of a character
    name.pop_back();
    if (inside && (static_cast<unsigned char>(name.back()) & 0xc0) == 0xc0) name.pop_back();
  }
  return name + word;
}

// Another restore of this second, or one that was killed at the swap, may have taken the name.
std::string free_name_to_keep(const Url& url) {
  for (auto time = now_seconds();; time += std::chrono::seconds(1)) {
    const std::string name = name_beside(url, "_before_restore_" + compact_time(time));
    if (!driver_for(url).database_exists(url.with_database(name))) return name;
  }
}

std::string version_of(const Ledger& ledger) {
  return ledger.exists() ? current_version(compare({}, ledger)) : "";
}

}  // namespace

Restore::Restore(const BackupSettings& settings, RestoreOptions options, const BackupEngine& engine)
    : settings_(settings),
      options_(std::move(options)),
      engine_(engine),
      names_(HistoryNames::make(settings.history, engine.dialect)),
      restored_(settings.url.with_database(name_beside(settings.url, "_restoring"))) {
  if (engine.dialect == settings.url.dialect()) return;
  throw Error(ErrorKind::usage,
              fmt::format("the backup is of a {} database, and {} is none", engine.id, settings.url.shown()));
}

Restore::Restore(const BackupSettings& settings, const std::string& file, const RestoreOptions& options)
    : Restore(settings, options, engine_of(open_backup(settings, file)->header().engine)) {
  try {
    fill_from(file);
  } catch (...) {
    drop();  // the destructor does not run for an object that was not made
    throw;
  }
}

std::unique_ptr<Restore> Restore::of_plain_file(const BackupSettings& settings, const std::string& file,
                                                const RestoreOptions& options) {
  const BackupEngine& engine = engine_for(settings.url.dialect());
  std::unique_ptr<Restore> restore(new Restore(settings, options, engine));
  restore->begin(engine.like(settings.url));
  engine.fill_from_file(restore->restored_, std::filesystem::absolute(file).string());
  restore->write_history(file);
  return restore;
}

Restore::~Restore() {
  drop();
}

void Restore::drop() noexcept {
  if (!exists_) return;
  try {
    driver_for(restored_).drop_database(restored_);
  } catch (...) {
    // The next restore drops it: its name is the same.
  }
}

void Restore::begin(const BackupHeader& header) {
  const Driver& driver = driver_for(settings_.url);
  reservation_ = engine_.reserve(settings_.url);
  replaces_ = driver.database_exists(settings_.url);
  if (replaces_) {
    OpenOptions open;
    open.application_name = settings_.who.application;
    old_ = open_connection(settings_.url, open);
    const Ledger ledger = Ledger::read(*old_, names_);
    version_before_ = version_of(ledger);
    if (ledger.exists()) lease_.emplace(Lease::acquire(*old_, names_, settings_.who, {}));
  }
  if (driver.database_exists(restored_)) driver.drop_database(restored_);  // of a restore that was killed
  engine_.create(restored_, header);
  exists_ = true;
  failpoint("restore-created");
}

void Restore::fill_from(const std::string& file) {
  const auto archive = open_backup(settings_, file);
  const BackupHeader& header = archive->header();
  if (header.type == BackupType::data) {
    throw Error(ErrorKind::usage, "a backup of data alone has no tables to put it into")
        .leaves("nothing was changed")
        .next("restore a full backup");
  }
  begin(header);
  engine_.fill({.url = restored_, .header = header, .jobs = options_.jobs}, *archive);
  while (!archive->next().empty()) {  // pg_restore may stop reading before the last digest
  }
  const Contents& contents = archive->manifest().contents;
  std::vector<std::string> differences;
  if (options_.verify == VerifyLevel::content && contents.summed)
    differences = engine_.compare(restored_, header, contents);
  if (!differences.empty()) {
    throw Error(ErrorKind::validation,
                fmt::format("what was restored is not what was backed up: {}", differences.front()))
        .with_detail(join({differences.begin() + 1, differences.end()}, "\n"))
        .leaves("the database is as it was; the restored one was dropped")
        .next("use another backup; `martlet backups verify` tells which are good");
  }
  write_history(file);
}

// The new database's own history says where it comes from.
void Restore::write_history(const std::string& source) {
  const auto connection = open_connection(restored_);
  const Ledger ledger = Ledger::read(*connection, names_);
  if (!ledger.exists()) return;
  bootstrap_history(*connection, names_, settings_.history);  // it may be of an older martlet
  Audit audit = Audit::open(*connection, names_);
  const std::string kept = replaces_ ? "; the database of before is kept" : "";
  const Request event =
      audit.append({.event = "restored",
                    .version_before = version_before_,
                    .version_after = version_of(ledger),
                    .detail = source + kept + (options_.reason.empty() ? "" : "; " + options_.reason)},
                   settings_.who);
  Transaction transaction(*connection);
  for (const Request& request : free_of_runs(names_, lease_ ? lease_->epoch() : 0)) connection->execute(request);
  connection->execute(event);
  transaction.commit();
}

std::string Restore::put_in_place() {
  const std::string kept = free_name_to_keep(settings_.url);
  failpoint("restore-before-swap");
  lease_.reset();  // its session would keep the old database in use
  old_.reset();
  engine_.swap(restored_, settings_.url, kept);
  exists_ = false;
  failpoint("restore-after-swap");
  return replaces_ ? kept : "";
}

}  // namespace martlet
