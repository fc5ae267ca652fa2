#include "backup/engine/custom_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"

namespace martlet {
namespace {

constexpr std::string_view kMagic = "PGDMP";
constexpr int kOldestVersion = 14, kNewestVersion = 16;  // 1.14 to 1.16
constexpr int kWithCompressionByte = 15;                 // an algorithm in place of a level
constexpr int kWithRelationKind = 16;
constexpr int kCustom = 1;
constexpr int kRowsBlock = 1, kLargeObjectsBlock = 3;
constexpr std::size_t kLongestText = 1u << 30;

Error not_a_dump(std::string_view why) {
  return Error(ErrorKind::validation, fmt::format("what pg_dump wrote cannot be read: {}", why));
}

class CustomDump {
 public:
  CustomDump(ByteSource& dump, std::uint64_t seed) : dump_(dump), seed_(seed) { contents_.seed = seed; }

  Contents read() {
    read_head();
    const long long entries = number();
    for (long long i = 0; i < entries; ++i) read_entry();
    while (more()) read_block();
    finish_tables();
    return std::move(contents_);
  }

 private:
  struct Table {
    std::string schema, name, statement;
    ContentSum sum;
    bool seen = false;
  };

  bool more() {
    if (rest_.empty()) rest_ = dump_.next();
    return !rest_.empty();
  }

  int byte() {
    if (!more()) throw not_a_dump("it ends in the middle");
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  // A sign, then the bytes of the number, the lowest first.
  long long number() {
    const bool negative = byte() != 0;
    long long value = 0;
    for (int i = 0; i < int_size_; ++i) value |= static_cast<long long>(byte()) << (8 * i);
    return negative ? -value : value;
  }

  /// Hands over `size` bytes in as many pieces as they come.
  template <class Take>
  void pieces(std::size_t size, Take take) {
    while (size > 0) {
      if (!more()) throw not_a_dump("it ends in the middle");
      const std::string_view piece = rest_.substr(0, size);
      take(piece);
      rest_.remove_prefix(piece.size());
      size -= piece.size();
    }
  }

  std::string text() {
    const long long size = number();
    if (size < 0) return {};
    if (static_cast<std::size_t>(size) > kLongestText) throw not_a_dump("a text of it has an impossible length");
    std::string value;
    pieces(static_cast<std::size_t>(size), [&](std::string_view piece) { value += piece; });
    return value;
  }

  void read_head() {
    std::string magic;
    pieces(kMagic.size(), [&](std::string_view piece) { magic += piece; });
    if (magic != kMagic) throw not_a_dump("it is no archive");
    const int major = byte();
    minor_ = byte();
    byte();  // revision
    if (major != 1 || minor_ < kOldestVersion || minor_ > kNewestVersion) {
      throw not_a_dump(fmt::format("its format is {}.{}, and this martlet knows 1.{} to 1.{}", major, minor_,
                                   kOldestVersion, kNewestVersion))
          .next("take the backup with --no-sums, which does not look into the dump");
    }
    int_size_ = byte();
    offset_size_ = byte();
    if (int_size_ < 1 || int_size_ > 8 || byte() != kCustom) throw not_a_dump("it is not in the custom format");
    const long long compression = minor_ >= kWithCompressionByte ? byte() : number();
    if (compression != 0) throw not_a_dump("it is compressed");
    for (int i = 0; i < 7; ++i) number();  // when it was made
    for (int i = 0; i < 3; ++i) text();    // the database, the server's version, pg_dump's
  }

  void read_entry() {
    const long long id = number();
    number();  // whether data follows
    text(), text();
    const std::string tag = text();
    const std::string kind = text();
    number();  // section
    const std::string definition = text();
    text();  // how to drop it
    const std::string copy = text();
    const std::string schema = text();
    text(), text();  // tablespace, access method
    if (minor_ >= kWithRelationKind) number();
    text(), text();  // owner, and a word that was for OIDs
    skip_dependencies();
    if (kind == "TABLE DATA") tables_[id] = {schema, tag, statement_of(copy), {}};
    if (kind == "SEQUENCE SET") add_sequence(schema, tag, definition);
  }

  void skip_dependencies() {
    for (long long size = number(); size >= 0; size = number()) {
      pieces(static_cast<std::size_t>(size), [](std::string_view) {});
    }
    pieces(static_cast<std::size_t>(offset_size_) + 1, [](std::string_view) {});  // where its data is, in a file
  }

  // "COPY public.t (a, b) FROM stdin;\n" without its end.
  static std::string statement_of(std::string copy) {
    constexpr std::string_view kEnd = " FROM stdin;";
    const std::size_t at = copy.rfind(kEnd);
    if (at == std::string::npos) throw not_a_dump("rows that are not in COPY format");
    copy.resize(at);
    return copy;
  }

  // "SELECT pg_catalog.setval('public.s', 5, true);"
  void add_sequence(const std::string& schema, const std::string& name, const std::string& definition) {
    const std::size_t close = definition.rfind(')');
    const std::size_t second = definition.rfind(',', close);
    const std::size_t first = second == std::string::npos ? second : definition.rfind(',', second - 1);
    if (first == std::string::npos) throw not_a_dump("a sequence that it does not set");
    contents_.sequences.push_back({schema, name, definition.substr(first + 2, second - first - 2),
                                   definition.substr(second + 2, close - second - 2) == "true"});
  }

  void read_block() {
    const int kind = byte();
    const long long id = number();
    if (kind == kRowsBlock) {
      read_rows(id);
    } else if (kind == kLargeObjectsBlock) {
      read_large_objects();
    } else {
      throw not_a_dump(fmt::format("a block of kind {}", kind));
    }
  }

  template <class Take>
  void chunks(Take take) {
    for (long long size = number(); size != 0; size = number()) {
      if (size < 0) throw not_a_dump("a chunk of it has an impossible length");
      pieces(static_cast<std::size_t>(size), take);
    }
  }

  void read_rows(long long id) {
    const auto table = tables_.find(id);
    if (table == tables_.end()) throw not_a_dump("rows of a table that it does not list");
    CopyRows rows(seed_);
    chunks([&](std::string_view piece) { rows.add(piece); });
    table->second.sum = rows.finish();
    table->second.seen = true;
  }

  void read_large_objects() {
    for (long long oid = number(); oid != 0; oid = number()) {
      PieceHash hash(seed_);
      add_large_object_name(hash, std::to_string(oid));
      chunks([&](std::string_view piece) { hash.add(piece); });
      hash.finish(contents_.large_objects);
    }
  }

  void finish_tables() {
    for (auto& [id, table] : tables_) {
      if (!table.seen) throw not_a_dump("the rows of " + table.schema + "." + table.name + " are missing");
      contents_.tables.push_back({table.schema, table.name, table.statement, table.sum});
    }
  }

  ByteSource& dump_;
  std::uint64_t seed_;
  std::string_view rest_;
  int minor_ = 0, int_size_ = 4, offset_size_ = 8;
  std::map<long long, Table> tables_;
  Contents contents_;
};

}  // namespace

Contents read_custom_dump(ByteSource& dump, std::uint64_t seed) {
  return CustomDump(dump, seed).read();
}

void add_large_object_name(PieceHash& hash, std::string_view oid) {
  hash.add(oid);
  hash.add(":");
}

}  // namespace martlet
