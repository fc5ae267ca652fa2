// The archive format: what was written comes back, and no damage of any byte passes.
#include "backup/archive.h"

#include <gtest/gtest.h>

#include <random>

#include "base/digest.h"
#include "base/error.h"

namespace martlet {
namespace {

struct StringSink final : ByteSink {
  void write(std::string_view more) override { bytes += more; }
  std::string bytes;
};

// Text that compresses to several frames, as rows do.
std::string some_dump(std::size_t rows) {
  std::mt19937_64 random(7);
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) text += std::to_string(random()) + "\tname " + std::to_string(i % 97) + "\n";
  return text;
}

BackupHeader some_header() {
  BackupHeader header;
  header.engine = "postgres";
  header.environment = "production";
  header.purpose = kManual;
  header.settings = {{"encoding", "UTF8"}};
  return header;
}

Contents some_contents() {
  Contents contents;
  contents.seed = 0xfedcba9876543210;
  contents.tables.push_back({"public", "odd \"name\"", "COPY public.\"odd \"\"name\"\"\" (a)", {3, 1, 2}});
  contents.sequences.push_back({"public", "s", "9223372036854775807", true});
  return contents;
}

std::string write_archive(const std::string& dump, const std::optional<SealSecret>& secret = std::nullopt) {
  StringSink out;
  ArchiveWriter writer(out, some_header(), secret);
  for (std::size_t at = 0; at < dump.size(); at += 100'000) writer.write(std::string_view(dump).substr(at, 100'000));
  writer.finish(some_contents());
  return out.bytes;
}

std::string read_archive(std::string_view bytes, const std::optional<SealSecret>& secret = std::nullopt,
                         Manifest* manifest = nullptr) {
  ArchiveReader reader([rest = bytes](char* into, std::size_t size) mutable {
    const std::size_t got = rest.copy(into, std::min<std::size_t>(size, 70'000));
    rest.remove_prefix(got);
    return got;
  });
  reader.unlock(secret);
  std::string dump;
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) dump += piece;
  if (manifest) *manifest = reader.manifest();
  return dump;
}

// What reading says; "" where it succeeds.
std::string complaint(std::string_view bytes, const std::optional<SealSecret>& secret = std::nullopt) {
  try {
    read_archive(bytes, secret);
    return {};
  } catch (const Error& error) {
    return error.message;
  }
}

const SealSecret kPassphrase{SealSecret::Kind::passphrase, "correct horse"};
const SealSecret kKeyFile{SealSecret::Kind::key_file, std::string(32, 'k')};

TEST(Archive, GivesBackWhatWasWritten) {
  const std::string dump = some_dump(100'000);
  for (const std::optional<SealSecret>& secret :
       {std::optional<SealSecret>(), std::optional(kPassphrase), std::optional(kKeyFile)}) {
    Manifest manifest;
    EXPECT_EQ(read_archive(write_archive(dump, secret), secret, &manifest), dump);
    EXPECT_EQ(manifest.plain_sha256, sha256_hex(dump));
    EXPECT_EQ(manifest.plain_bytes, dump.size());
    ASSERT_EQ(manifest.contents.tables.size(), 1u);
    EXPECT_EQ(manifest.contents.tables[0].name, "odd \"name\"");
    EXPECT_EQ(manifest.contents.tables[0].sum, (ContentSum{3, 1, 2}));
    EXPECT_EQ(manifest.contents.seed, some_contents().seed);
    EXPECT_EQ(manifest.contents.sequences.at(0).last_value, "9223372036854775807");
  }
  EXPECT_EQ(read_archive(write_archive("")), "");
}

TEST(Archive, FindsEveryFlippedBitAndEveryCut) {
  std::mt19937_64 random(11);
  for (const std::optional<SealSecret>& secret : {std::optional<SealSecret>(), std::optional(kKeyFile)}) {
    const std::string whole = write_archive(some_dump(20'000), secret);
    const std::size_t head = whole.find("}}") + 16;
    ASSERT_EQ(complaint(whole, secret), "");
    for (int i = 0; i < 100; ++i) {
      // A third in the header, a third at the end (manifest, digests), a third anywhere.
      const std::size_t anywhere = random() % whole.size();
      const std::size_t at = i % 3 == 0 ? random() % head : i % 3 == 1 ? whole.size() - 1 - random() % 700 : anywhere;
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 1 << random() % 8);
      EXPECT_NE(complaint(flipped, secret), "") << "bit flipped at " << at << " of " << whole.size();
      EXPECT_NE(complaint(std::string_view(whole).substr(0, at), secret), "") << "cut at " << at;
    }
    EXPECT_NE(complaint(whole + "x", secret), "");
    EXPECT_NE(complaint("", secret), "");
  }
}

TEST(Archive, TellsAWrongKeyFromALostOne) {
  const std::string sealed = write_archive(some_dump(10), kPassphrase);
  EXPECT_NE(complaint(sealed).find("which is not set"), std::string::npos);
  EXPECT_NE(complaint(sealed, kKeyFile).find("a passphrase"), std::string::npos);
  EXPECT_NE(complaint(sealed, SealSecret{SealSecret::Kind::passphrase, "wrong"}).find("another key"),
            std::string::npos);
  EXPECT_EQ(sealed.find("plain_sha256"), std::string::npos);  // only the header can be read
}

// Somebody without the key changes data and repairs the digest: the MAC is what he cannot make.
TEST(Archive, NoticesAManifestThatWasMadeAnew) {
  std::string sealed = write_archive(some_dump(10), kKeyFile);
  const std::size_t production = sealed.find("production");
  sealed.replace(production, 10, "staging---");
  Sha256 digest;
  digest.update(std::string_view(sealed).substr(0, sealed.size() - 69));
  sealed.replace(sealed.size() - 64, 32, digest.bytes());
  EXPECT_NE(complaint(sealed, kKeyFile), "");
}

TEST(Archive, AFailingDiskIsReportedToTheWriter) {
  struct FullDisk final : ByteSink {
    void write(std::string_view bytes) override {
      if ((written += bytes.size()) > 300'000) throw Error(ErrorKind::usage, "disk full");
    }
    std::size_t written = 0;
  } disk;
  ArchiveWriter writer(disk, some_header(), std::nullopt);
  const std::string dump = some_dump(100'000);
  EXPECT_THROW(
      {
        writer.write(dump);
        writer.write(dump);
        writer.finish({});
      },
      Error);
}

}  // namespace
}  // namespace martlet
