// Where archives are kept: a kind of place is one file that registers itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/store/sigv4.h"
#include "backup/stream.h"
#include "base/registry.h"

namespace martlet {

struct StoredFile {
  std::string name;
  std::uint64_t size = 0;
};

/// A file that is being written. Without commit() nothing of it stays under its name.
class StoreWriter : public ByteSink {
 public:
  /// Makes it appear under its name, durably, whole.
  virtual void commit() = 0;
};

class StoreReader {
 public:
  virtual ~StoreReader() = default;
  /// 0 at the end.
  virtual std::size_t read(char* into, std::size_t size) = 0;
};

/// What was begun under a name and never completed.
struct UnfinishedFile {
  std::string name;
  std::string id;  // of the store's own
  std::chrono::sys_seconds begun;
};

/// Errors name the place and the file. Names have no slash.
class BackupStore {
 public:
  virtual ~BackupStore() = default;
  /// For people: "backups", "s3://bucket/prefix".
  virtual std::string where() const = 0;
  /// By name; empty where the place does not exist yet.
  virtual std::vector<StoredFile> list() = 0;
  /// Throws Error{usage} where the name is taken.
  virtual std::unique_ptr<StoreWriter> create(const std::string& name) = 0;
  virtual std::unique_ptr<StoreReader> open(const std::string& name) = 0;
  /// Small texts that are read and replaced as a whole; nullopt where there is none.
  virtual std::optional<std::string> text(const std::string& name) = 0;
  virtual void put_text(const std::string& name, const std::string& text) = 0;
  /// Nothing happens where it is not there.
  virtual void remove(const std::string& name) = 0;
  /// Where what a killed backup has written takes space until somebody removes it; also of one that is at work.
  virtual std::vector<UnfinishedFile> unfinished() { return {}; }
  virtual void give_up(const UnfinishedFile&) {}
};

/// A bucket of S3, or of what speaks as it does.
struct S3Options {
  std::string bucket;
  std::string prefix;    // of the objects' keys, without slashes at its ends
  std::string endpoint;  // "https://minio.example.com:9000"; "" = Amazon's, of the region
  std::string region = "us-east-1";
  bool path_style = false;  // https://endpoint/bucket/key instead of https://bucket.endpoint/key
  S3Credentials credentials;
  std::size_t part = 8 * 1024 * 1024;  // bytes held in memory and sent at once; S3 takes no fewer than 5 MiB
};

/// What the configuration says about the place: the bucket, where one is named, or else the folder.
struct StoreOptions {
  std::string folder;
  S3Options s3;
};

struct StoreKind {
  std::string_view id;  // "file"
  /// True where these options mean this kind.
  bool (*meant)(const StoreOptions& options);
  std::unique_ptr<BackupStore> (*open)(const StoreOptions& options);
};

/// The kind that is meant; the local folder where no other is.
std::unique_ptr<BackupStore> open_store(const StoreOptions& options);

}  // namespace martlet
