// The archive: one file, written and read as a stream. docs/formats.md describes it byte by byte.
//
//   "martlet-backup-1\n" · u32 size · header (JSON) · frames
//   frame: u8 kind · u32 size · bytes        body… · manifest · end
//
// Numbers are little endian. The body is the dump, compressed by zstd, cut into frames. With a key, body and manifest
// are messages of one sealed stream. The end has the SHA-256 of everything before it and, with a key, its MAC.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backup/manifest.h"
#include "backup/stream.h"

namespace martlet {

namespace archive {

inline constexpr std::string_view kMagic = "martlet-backup-1\n";
enum class Frame : unsigned char { body = 1, manifest = 2, end = 3 };
inline constexpr std::size_t kFrameHead = 5;
inline constexpr std::size_t kBodySize = 256 * 1024;        // of a frame's bytes before sealing
inline constexpr std::size_t kLargestHeader = 1024 * 1024;  // more is no header
inline constexpr std::size_t kLargestManifest = 32 * 1024 * 1024;
inline constexpr std::size_t kEndSize = 64;  // SHA-256, then the MAC or zeros

/// Four bytes, and back.
std::string little_endian(std::size_t number);
std::size_t from_little_endian(std::string_view four_bytes);

}  // namespace archive

/// Takes the dump, writes the archive to `out`. Compression, sealing and writing go on in a thread of their own, at
/// most 4 MB behind.
class ArchiveWriter final : public ByteSink {
 public:
  /// Writes the head. `header.encryption` is filled in where there is a secret.
  ArchiveWriter(ByteSink& out, BackupHeader header, const std::optional<SealSecret>& secret);
  ~ArchiveWriter() override;

  void write(std::string_view dump) override;
  /// Ends the body, writes manifest and end. Throws what the thread met with; without this call the archive is none.
  Manifest finish(const Contents& contents);
  std::uint64_t plain_bytes() const { return plain_bytes_; }

 private:
  class Body;
  std::unique_ptr<Body> body_;
  std::uint64_t plain_bytes_ = 0;
};

/// Reads an archive from its first byte to its last, and believes nothing before it was checked: every failure is an
/// Error{validation} that says the backup is damaged, or an Error{usage} about the key.
class ArchiveReader final : public ByteSource {
 public:
  using ReadBytes = std::function<std::size_t(char* into, std::size_t size)>;  // 0 at the end
  /// Reads the header only.
  explicit ArchiveReader(ReadBytes read);
  ~ArchiveReader() override;

  const BackupHeader& header() const { return header_; }
  /// Needed before next() where the backup is encrypted. Throws Error{usage} for no key, or for another one.
  void unlock(const std::optional<SealSecret>& secret);
  /// The dump, piece by piece. At its end (an empty piece) the whole file has been read and every digest compared.
  std::string_view next() override;
  /// After the end.
  const Manifest& manifest() const { return manifest_; }

 private:
  struct State;
  BackupHeader header_;
  Manifest manifest_;
  std::unique_ptr<State> state_;
};

}  // namespace martlet
