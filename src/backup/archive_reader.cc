#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "backup/archive.h"
#include "base/digest.h"
#include "base/error.h"

namespace martlet {
namespace {

constexpr std::size_t kOutput = 256 * 1024;
// Level 1 to 19 use windows of at most 8 MB; a frame that asks for more was not written by us.
constexpr int kLargestWindowLog = 23;

struct FreeDecompressor {
  void operator()(ZSTD_DCtx* decompressor) const { ZSTD_freeDCtx(decompressor); }
};

Error damaged(std::string_view how) {
  return Error(ErrorKind::validation, fmt::format("the backup is damaged: {}", how))
      .next("use another backup; `martlet backups list` shows them");
}

}  // namespace

struct ArchiveReader::State {
  ReadBytes read_bytes;
  Sha256 digest;
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> decompressor{ZSTD_createDCtx()};
  std::optional<SealKey> key;
  std::optional<StreamOpener> opener;
  std::string context;
  std::string frame, message;  // as stored, and opened
  std::size_t used = 0;        // of the message, by the decompressor
  bool body_whole = true;      // no zstd frame is open
  bool any_body = false, ended = false;
  std::string output = std::string(kOutput, '\0');
  Sha256 plain_digest;
  std::uint64_t plain_bytes = 0;

  std::string take(std::size_t size, std::string_view what) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const std::size_t got = read_bytes(bytes.data() + have, size - have);
      if (got == 0) throw damaged(fmt::format("it ends in the middle of {}", what));
      have += got;
    }
    return bytes;
  }

  std::string take_digested(std::size_t size, std::string_view what) {
    std::string bytes = take(size, what);
    digest.update(bytes);
    return bytes;
  }

  std::string open(StreamSealer::Place place) {
    if (!opener) return std::move(frame);
    try {
      return opener->open(frame, context, place);
    } catch (const Error& problem) {
      throw damaged(problem.message);
    }
  }

  // The frame's head is returned undigested: the digest in the last frame covers what is before that frame.
  archive::Frame next_frame(std::string& head) {
    head = take(archive::kFrameHead, "its data");
    const auto kind = static_cast<archive::Frame>(head[0]);
    const std::size_t size = archive::from_little_endian(std::string_view(head).substr(1));
    std::size_t most = archive::kBodySize;
    if (kind == archive::Frame::manifest) most = archive::kLargestManifest;
    if (kind == archive::Frame::end) most = archive::kEndSize;
    const bool known = kind >= archive::Frame::body && kind <= archive::Frame::end;
    if (!known || size > most + StreamSealer::kOverhead) throw damaged("a part of it has an impossible length");
    if (kind != archive::Frame::end) digest.update(head);
    frame = kind == archive::Frame::end ? take(size, "its end") : take_digested(size, "its data");
    return kind;
  }

  std::string_view decompress() {
    ZSTD_inBuffer from{message.data(), message.size(), used};
    ZSTD_outBuffer to{output.data(), output.size(), 0};
    const std::size_t hint = ZSTD_decompressStream(decompressor.get(), &to, &from);
    if (ZSTD_isError(hint)) throw damaged(fmt::format("its data cannot be decompressed ({})", ZSTD_getErrorName(hint)));
    used = from.pos;
    body_whole = hint == 0;
    const std::string_view plain(output.data(), to.pos);
    plain_digest.update(plain);
    plain_bytes += plain.size();
    return plain;
  }

  Manifest read_manifest(const std::string& before) {
    const Manifest manifest = Manifest::parse(open(StreamSealer::Place::last));
    if (!body_whole || !any_body) throw damaged("its data is not complete");
    if (manifest.stored_sha256 != before) throw damaged("its stored data is not what the manifest says");
    if (manifest.plain_bytes != plain_bytes || manifest.plain_sha256 != plain_digest.hex()) {
      throw damaged("its data is not what the manifest says");
    }
    return manifest;
  }

  void read_end() {
    std::string head;
    if (next_frame(head) != archive::Frame::end || frame.size() != archive::kEndSize) throw damaged("it has no end");
    const std::string mac = key ? key->mac(digest.bytes()) : std::string(32, '\0');
    if (frame.substr(0, 32) != digest.bytes()) throw damaged("its bytes are not those that were written");
    if (frame.substr(32) != mac) throw damaged("it was changed by somebody without the key");
    char more = 0;
    if (read_bytes(&more, 1) != 0) throw damaged("something follows its end");
    ended = true;
  }
};

ArchiveReader::ArchiveReader(ReadBytes read) : state_(std::make_unique<State>()) {
  state_->read_bytes = std::move(read);
  ZSTD_DCtx_setParameter(state_->decompressor.get(), ZSTD_d_windowLogMax, kLargestWindowLog);
  if (state_->take_digested(archive::kMagic.size(), "its first line") != archive::kMagic) {
    throw Error(ErrorKind::validation, "this is no backup that martlet can read: it does not begin as one");
  }
  const std::size_t size = archive::from_little_endian(state_->take_digested(4, "its header"));
  if (size > archive::kLargestHeader) throw damaged("its header has an impossible length");
  try {
    header_ = BackupHeader::parse(state_->take_digested(size, "its header"));
  } catch (Error& error) {
    if (!error.message.starts_with("the backup is damaged")) throw damaged(error.message);
    throw;
  }
  state_->context = state_->digest.bytes();
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::unlock(const std::optional<SealSecret>& secret) {
  if (!header_.encryption || state_->opener) return;
  const bool by_file = header_.encryption->key.algorithm == "blake2b";
  const std::string_view needed = by_file ? "a key file (backup.key_file)" : "a passphrase (backup.passphrase)";
  if (!secret || (secret->kind == SealSecret::Kind::key_file) != by_file) {
    throw Error(ErrorKind::usage, fmt::format("the backup is encrypted with {}, which is not set", needed))
        .next("set it as it was when the backup was taken; without it nobody can read this backup");
  }
  try {
    state_->key = SealKey::derive(*secret, header_.encryption->key);
  } catch (const Error& problem) {
    throw damaged(problem.message);
  }
  if (state_->key->check() != header_.encryption->key_check) {
    throw Error(ErrorKind::usage, fmt::format("the backup was encrypted with another key than {} gives", needed))
        .next("set the key of the time when it was taken; where that is the right one, the backup's header is damaged");
  }
  try {
    state_->opener.emplace(*state_->key, header_.encryption->stream_header);
  } catch (const Error& problem) {
    throw damaged(problem.message);
  }
}

std::string_view ArchiveReader::next() {
  unlock(std::nullopt);
  while (!state_->ended) {
    if (state_->used < state_->message.size() || !state_->body_whole) {
      const std::string_view plain = state_->decompress();
      if (!plain.empty()) return plain;
    }
    if (state_->used < state_->message.size()) continue;
    const std::string before = state_->digest.hex();
    std::string head;
    switch (state_->next_frame(head)) {
      case archive::Frame::body:
        state_->message = state_->open(StreamSealer::Place::inner);
        state_->used = 0;
        state_->any_body = true;
        break;
      case archive::Frame::manifest:
        manifest_ = state_->read_manifest(before);
        state_->read_end();
        break;
      case archive::Frame::end:
        throw damaged("it has no manifest");
    }
  }
  return {};
}

}  // namespace martlet
