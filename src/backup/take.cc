// Taking a backup: snapshot, dump, archive, store, and the name at the end.
#include <fmt/format.h>

#include "backup/archive.h"
#include "backup/backup.h"
#include "backup/name.h"
#include "base/error.h"
#include "base/failpoint.h"

namespace martlet {
namespace {

/// Tells how far it is, at every piece that goes by.
class Counted final : public ByteSink {
 public:
  Counted(ByteSink& out, const BackupProgress& progress, std::uint64_t total)
      : out_(out), progress_(progress), total_(total) {}
  void write(std::string_view bytes) override {
    out_.write(bytes);
    done_ += bytes.size();
    progress_(done_, total_);
  }

 private:
  ByteSink& out_;
  const BackupProgress& progress_;
  std::uint64_t total_, done_ = 0;
};

class Sized final : public ByteSink {
 public:
  explicit Sized(ByteSink& out) : out_(out) {}
  void write(std::string_view bytes) override {
    out_.write(bytes);
    size_ += bytes.size();
  }
  std::uint64_t size() const { return size_; }

 private:
  ByteSink& out_;
  std::uint64_t size_ = 0;
};

// No two backups have the same second: which one is the latest can be read off their names.
std::string free_name(BackupStore& store, BackupName name) {
  for (const StoredFile& file : store.list()) {
    const auto other = BackupName::parse(file.name);
    if (other && other->time >= name.time) name.time = other->time + std::chrono::seconds(1);
  }
  return name.file();
}

}  // namespace

BackupInfo take_backup(const BackupSettings& settings, const BackupRequest& request) {
  BackupInfo info;
  BackupHeader& header = info.header;
  header.tool_version = MARTLET_VERSION;
  header.environment = settings.environment;
  header.type = request.type;
  header.name = request.name;
  header.purpose = request.purpose;
  header.run_id = settings.who.run_id;
  header.actor = settings.who.actor;
  header.host = settings.who.host;
  header.with_owner = settings.with_owner;
  const auto store = open_store(settings.store);
  const DumpOrder order{.url = settings.url,
                        .history = settings.history,
                        .type = request.type,
                        .with_owner = settings.with_owner,
                        .sums = request.sums};
  const auto snapshot = engine_for(settings.url.dialect()).take(order, header);
  info.file = free_name(*store, {settings.environment, request.type, now_seconds(), request.name});
  const auto out = store->create(info.file);
  Sized sized(*out);
  ArchiveWriter archive(sized, header, settings.secret);
  Counted counted(archive, settings.progress, snapshot->estimated_bytes());
  const Contents contents = snapshot->dump(counted);
  failpoint("backup-before-manifest");
  archive.finish(contents);
  out->commit();
  info.size = sized.size();
  return info;
}

}  // namespace martlet
