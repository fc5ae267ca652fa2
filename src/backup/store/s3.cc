// S3, and what is compatible with it. A backup is uploaded in parts while it is made; the object appears when the
// upload is completed, whole. What a killed backup has uploaded is not an object, only parts: unfinished(), or the
// bucket's own rule (AbortIncompleteMultipartUpload).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

#include "backup/name.h"
#include "backup/store/s3_client.h"
#include "backup/store/store.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::uint64_t kFirstPiece = 64 * 1024;  // enough for the header of an archive
constexpr std::uint64_t kLargestPiece = 4 * 1024 * 1024;

// "2026-11-29T19:02:16.000Z"
std::optional<std::chrono::sys_seconds> time_of(const std::string& iso) {
  std::string digits;
  for (const char c : iso.substr(0, iso.find('.'))) {
    if (c == 'T') digits += '_';
    if (c >= '0' && c <= '9') digits += c;
  }
  return parse_compact_time(digits);
}

std::uint64_t number_of(const std::string& digits) {
  return digits.empty() ? 0 : std::strtoull(digits.c_str(), nullptr, 10);
}

// At most 10,000 parts: they grow, so that 200 GB fit, and memory stays bounded.
std::size_t part_size(std::size_t first, std::size_t number) {
  return number <= 1000 ? first : number <= 5000 ? 2 * first : 4 * first;
}

class S3Writer final : public StoreWriter {
 public:
  S3Writer(std::shared_ptr<const S3Client> client, std::string key, std::size_t part)
      : client_(std::move(client)), key_(std::move(key)), first_part_(part) {}

  // What is not completed is not needed; where this fails, the bucket's rule removes it.
  ~S3Writer() override {
    if (upload_.empty()) return;
    try {
      client_->send({.method = "DELETE", .key = key_, .query = {{"uploadId", upload_}}}, S3Client::Haste::last_words);
    } catch (const Error&) {
    }
  }

  void write(std::string_view bytes) override {
    failpoint("backup-write");
    size_ += bytes.size();
    while (!bytes.empty()) {
      const std::size_t limit = part_size(first_part_, tags_.size() + 1);
      const std::size_t taken = std::min(bytes.size(), limit - part_.size());
      if (part_.empty()) part_.reserve(limit);
      part_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (part_.size() == limit) send_part();
    }
  }

  void commit() override {
    failpoint("backup-before-name");
    if (upload_.empty()) {
      client_->send({.method = "PUT", .key = key_, .body = std::move(part_)});
    } else {
      if (!part_.empty()) send_part();
      complete();
    }
    check_size();
  }

 private:
  void begin() {
    const HttpResponse begun = client_->send({.method = "POST", .key = key_, .query = {{"uploads", ""}}});
    upload_ = xml_text(begun.body, "UploadId");
    if (upload_.empty()) throw unexpected("no upload was begun");
  }

  void send_part() {
    if (upload_.empty()) begin();
    const std::string number = std::to_string(tags_.size() + 1);
    const HttpResponse sent = client_->send({.method = "PUT",
                                             .key = key_,
                                             .query = {{"partNumber", number}, {"uploadId", upload_}},
                                             .body = std::move(part_)});
    const auto tag = sent.headers.find("etag");
    if (tag == sent.headers.end()) throw unexpected("a part has no tag");
    tags_.push_back(tag->second);
    part_.clear();
    failpoint("backup-part-sent");
  }

  // Where the answer to an attempt was lost, the next one finds no upload: then the object tells (check_size).
  void complete() {
    std::string parts;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1, xml_escaped(tags_[i]));
    }
    client_->send({.method = "POST",
                   .key = key_,
                   .query = {{"uploadId", upload_}},
                   .body = fmt::format("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts),
                   .may_be_missing = true});
    upload_.clear();
  }

  void check_size() const {
    const HttpResponse head = client_->send({.method = "HEAD", .key = key_, .may_be_missing = true});
    const auto length = head.headers.find("content-length");
    if (head.ok() && length != head.headers.end() && number_of(length->second) == size_) return;
    throw unexpected(fmt::format("it should have {} bytes there", size_));
  }

  Error unexpected(std::string_view what) const {
    return Error(ErrorKind::connection, fmt::format("{} did not take {}: {}", client_->where(), key_, what))
        .next("run it again; if it fails again, look at the store's own log");
  }

  const std::shared_ptr<const S3Client> client_;
  const std::string key_;
  const std::size_t first_part_;
  std::string upload_;             // its id, "" = none begun
  std::vector<std::string> tags_;  // of the parts that were sent
  std::string part_;               // the one that is being filled
  std::uint64_t size_ = 0;
};

// In pieces that grow: listing reads headers only, verifying reads everything.
class S3Reader final : public StoreReader {
 public:
  S3Reader(std::shared_ptr<const S3Client> client, std::string key) : client_(std::move(client)), key_(std::move(key)) {
    const HttpResponse head = client_->send({.method = "HEAD", .key = key_, .may_be_missing = true});
    if (!head.ok()) throw missing();
    size_ = number_of(head.headers.contains("content-length") ? head.headers.at("content-length") : "");
    if (head.headers.contains("etag")) tag_ = head.headers.at("etag");
  }

  std::size_t read(char* into, std::size_t size) override {
    if (at_ == piece_.size()) fetch();
    const std::size_t given = std::min(size, piece_.size() - at_);
    std::memcpy(into, piece_.data() + at_, given);
    at_ += given;
    return given;
  }

 private:
  void fetch() {
    piece_.clear();
    at_ = 0;
    if (done_ == size_) return;
    const std::uint64_t wanted = std::min(next_, size_ - done_);
    S3Request request{.key = key_,
                      .headers = {{"range", fmt::format("bytes={}-{}", done_, done_ + wanted - 1)}},
                      .may_be_missing = true};
    if (!tag_.empty()) request.headers["if-match"] = tag_;  // another object of the same name by now is an error
    HttpResponse answer = client_->send(request);
    if (!answer.ok()) throw missing();
    if (answer.body.size() != wanted) {
      throw Error(ErrorKind::connection, fmt::format("{} gave {} bytes of {} instead of {}", client_->where(),
                                                     answer.body.size(), key_, wanted));
    }
    piece_ = std::move(answer.body);
    done_ += wanted;
    next_ = std::min(4 * next_, kLargestPiece);
  }

  Error missing() const {
    return Error(ErrorKind::usage, fmt::format("there is no {} in {}", key_, client_->where()))
        .next("`martlet backups list` shows those there are");
  }

  const std::shared_ptr<const S3Client> client_;
  const std::string key_;
  std::string tag_, piece_;
  std::size_t at_ = 0;
  std::uint64_t size_ = 0, done_ = 0, next_ = kFirstPiece;
};

class S3Store final : public BackupStore {
 public:
  explicit S3Store(const S3Options& options) : client_(std::make_shared<S3Client>(options)), part_(options.part) {}

  std::string where() const override { return client_->where(); }

  std::vector<StoredFile> list() override {
    std::vector<StoredFile> files;
    std::string from;
    do {
      S3Request request{.query = {{"list-type", "2"}, {"prefix", key_of("")}, {"delimiter", "/"}}};
      if (!from.empty()) request.query.emplace_back("continuation-token", from);
      const HttpResponse answer = client_->send(request);
      for (const std::string_view each : xml_elements(answer.body, "Contents")) {
        const std::string name = xml_text(each, "Key").substr(key_of("").size());
        if (!name.empty()) files.push_back({name, number_of(xml_text(each, "Size"))});
      }
      from = xml_text(answer.body, "IsTruncated") == "true" ? xml_text(answer.body, "NextContinuationToken") : "";
    } while (!from.empty());
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
  }

  std::unique_ptr<StoreWriter> create(const std::string& name) override {
    if (client_->send({.method = "HEAD", .key = key_of(name), .may_be_missing = true}).ok()) {
      throw Error(ErrorKind::usage, fmt::format("there is a {} in {} already", name, where())).next("wait a second");
    }
    return std::make_unique<S3Writer>(client_, key_of(name), part_);
  }

  std::unique_ptr<StoreReader> open(const std::string& name) override {
    return std::make_unique<S3Reader>(client_, key_of(name));
  }

  std::optional<std::string> text(const std::string& name) override {
    HttpResponse answer = client_->send({.key = key_of(name), .may_be_missing = true});
    if (!answer.ok()) return std::nullopt;
    return std::move(answer.body);
  }

  void put_text(const std::string& name, const std::string& text) override {
    client_->send({.method = "PUT", .key = key_of(name), .body = text});
  }

  void remove(const std::string& name) override {
    client_->send({.method = "DELETE", .key = key_of(name), .may_be_missing = true});
  }

  // A role that may not see uploads leaves them to the bucket's rule.
  std::vector<UnfinishedFile> unfinished() override {
    std::vector<UnfinishedFile> found;
    try {
      list_uploads(found);
    } catch (const Error& error) {
      if (error.kind != ErrorKind::usage) throw;
    }
    return found;
  }

  void give_up(const UnfinishedFile& file) override {
    client_->send(
        {.method = "DELETE", .key = key_of(file.name), .query = {{"uploadId", file.id}}, .may_be_missing = true});
  }

 private:
  void list_uploads(std::vector<UnfinishedFile>& found) const {
    std::string key, upload;  // that a page ended with
    do {
      S3Request request{.query = {{"uploads", ""}, {"prefix", key_of("")}, {"delimiter", "/"}}};
      if (!key.empty()) request.query.insert(request.query.end(), {{"key-marker", key}, {"upload-id-marker", upload}});
      const HttpResponse answer = client_->send(request);
      for (const std::string_view each : xml_elements(answer.body, "Upload")) {
        const auto begun = time_of(xml_text(each, "Initiated"));
        const std::string name = xml_text(each, "Key").substr(key_of("").size());
        if (begun && BackupName::parse(name)) found.push_back({name, xml_text(each, "UploadId"), *begun});
      }
      const bool more = xml_text(answer.body, "IsTruncated") == "true";
      key = more ? xml_text(answer.body, "NextKeyMarker") : "";
      upload = more ? xml_text(answer.body, "NextUploadIdMarker") : "";
    } while (!key.empty());
  }

  std::string key_of(const std::string& name) const {
    return client_->prefix().empty() ? name : client_->prefix() + "/" + name;
  }

  const std::shared_ptr<const S3Client> client_;
  const std::size_t part_;
};

const Registered<StoreKind> kS3{{.id = "s3",
                                 .meant = [](const StoreOptions& options) { return !options.s3.bucket.empty(); },
                                 .open = [](const StoreOptions& options) -> std::unique_ptr<BackupStore> {
                                   return std::make_unique<S3Store>(options.s3);
                                 }}};

}  // namespace
}  // namespace martlet
