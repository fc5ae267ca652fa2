// A local folder: 0700 where martlet makes it, files 0600. A file is written beside its place under a name that ends in
// ".part" and linked to its own at the end: a link, unlike a rename, does not replace what is there.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "backup/store/store.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/files.h"
#include "base/text.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPart = ".part";

Error failed(std::string_view verb, const fs::path& path, int code) {
  Error error(ErrorKind::usage, fmt::format("cannot {} {}: {}", verb, path.string(), std::strerror(code)));
  if (code == ENOSPC || code == EDQUOT) error.next("free space there, or set backup.dir to another place");
  if (code == EFBIG) error.next("allow larger files there (ulimit -f), or set backup.dir to another place");
  return error;
}

void sync_folder(const fs::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) fsync(directory.number());
}

// "<name>.<pid>.part": the process tells whether somebody still writes it.
fs::path part_of(const fs::path& path) {
  return fmt::format("{}.{}{}", path.string(), getpid(), kPart);
}

bool is_abandoned(const std::string& name) {
  if (!name.ends_with(kPart)) return false;
  const std::string stem = name.substr(0, name.size() - kPart.size());
  const std::size_t dot = stem.rfind('.');
  const long pid = dot == std::string::npos ? 0 : std::atol(stem.c_str() + dot + 1);
  return pid > 0 && kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
}

class FolderWriter final : public StoreWriter {
 public:
  explicit FolderWriter(fs::path path)
      : path_(std::move(path)),
        part_(part_of(path_)),
        file_(::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (!file_.is_open()) throw failed("write", part_, errno);
    signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error to report, not a reason to die
  }
  ~FolderWriter() override { unlink(part_.c_str()); }

  void write(std::string_view bytes) override {
    failpoint("backup-write");
    if (!file_.write(bytes)) throw failed("write", path_, errno);
  }

  void commit() override {
    if (fsync(file_.number()) != 0) throw failed("write", path_, errno);
    failpoint("backup-before-name");
    if (link(part_.c_str(), path_.c_str()) != 0) throw failed("name", path_, errno);
    unlink(part_.c_str());
    sync_folder(path_.parent_path());
  }

 private:
  fs::path path_, part_;
  Descriptor file_;
};

class FolderReader final : public StoreReader {
 public:
  explicit FolderReader(const fs::path& path) : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!file_.is_open()) throw failed("read", path, errno);
    posix_fadvise(file_.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::size_t read(char* into, std::size_t size) override {
    for (;;) {
      const ssize_t got = ::read(file_.number(), into, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw failed("read", path_, errno);
    }
  }

 private:
  fs::path path_;
  Descriptor file_;
};

class FolderStore final : public BackupStore {
 public:
  explicit FolderStore(fs::path folder) : folder_(std::move(folder)) {}

  std::string where() const override { return folder_.string(); }

  std::vector<StoredFile> list() override {
    std::vector<StoredFile> files;
    if (!fs::exists(folder_)) return files;
    for (const std::string& name : list_folder(folder_)) {
      std::error_code gone;
      if (name.ends_with(kPart) || !fs::is_regular_file(folder_ / name, gone)) continue;
      const std::uintmax_t size = fs::file_size(folder_ / name, gone);
      if (!gone) files.push_back({name, size});
    }
    return files;
  }

  std::unique_ptr<StoreWriter> create(const std::string& name) override {
    make_folder();
    if (fs::exists(folder_ / name)) throw failed("write", folder_ / name, EEXIST);
    return std::make_unique<FolderWriter>(folder_ / name);
  }

  std::unique_ptr<StoreReader> open(const std::string& name) override {
    return std::make_unique<FolderReader>(folder_ / name);
  }

  std::optional<std::string> text(const std::string& name) override {
    if (!fs::exists(folder_ / name)) return std::nullopt;
    return read_file(folder_ / name);
  }

  void put_text(const std::string& name, const std::string& text) override {
    write_file(folder_ / name, text, FileMode::secret);
  }

  void remove(const std::string& name) override {
    std::error_code failure;
    fs::remove(folder_ / name, failure);
    if (failure) throw failed("remove", folder_ / name, failure.value());
  }

 private:
  // What a killed backup left is of no use to anybody.
  void make_folder() {
    std::error_code failure;
    if (!fs::exists(folder_)) {
      fs::create_directories(folder_, failure);
      if (failure) throw failed("make the folder", folder_, failure.value());
      fs::permissions(folder_, fs::perms::owner_all, failure);
    }
    for (const std::string& name : list_folder(folder_)) {
      if (is_abandoned(name)) fs::remove(folder_ / name, failure);
    }
  }

  fs::path folder_;
};

const Registered<StoreKind> kFolder{
    {.id = "folder",
     .meant = [](const StoreOptions& options) { return options.s3.bucket.empty() && !options.folder.empty(); },
     .open = [](const StoreOptions& options) -> std::unique_ptr<BackupStore> {
       return std::make_unique<FolderStore>(fs::path(options.folder));
     }}};

}  // namespace
}  // namespace martlet
