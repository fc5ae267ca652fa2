// What is in a table, in 24 bytes: the number of its rows, and two sums over them that do not depend on their order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace martlet {

/// Two 64-bit sums of seeded hashes: rows may come back from a restore in another order, so they are added, not
/// chained.
struct ContentSum {
  std::uint64_t rows = 0;
  std::uint64_t first = 0, second = 0;

  void add(std::string_view row, std::uint64_t seed);
  bool operator==(const ContentSum&) const = default;
  /// The two sums in hexadecimal, and back. Parsing gives false for a text that is none.
  std::string text() const;
  bool parse(std::string_view text);
};

/// A seed that nobody could have foreseen.
std::uint64_t random_seed();

/// One value that comes piece by piece, as if it had been given to ContentSum::add as a whole.
class PieceHash {
 public:
  explicit PieceHash(std::uint64_t seed);
  ~PieceHash();
  void add(std::string_view piece);
  /// Adds what came since the last call as one row.
  void finish(ContentSum& into);

 private:
  struct State;
  std::uint64_t seed_;
  std::unique_ptr<State> state_;
};

/// The rows of PostgreSQL's COPY text format, which may be cut anywhere. Ends at the line `\.`; what follows is no
/// data.
class CopyRows {
 public:
  explicit CopyRows(std::uint64_t seed) : seed_(seed), cut_(seed) {}
  void add(std::string_view piece);
  /// Call once, at the end.
  ContentSum finish();

 private:
  void line(std::string_view line);

  std::uint64_t seed_;
  PieceHash cut_;          // a line that did not end within its piece
  std::string beginning_;  // the first bytes of that line: is it the end mark?
  bool in_cut_ = false;
  bool ended_ = false;
  ContentSum sum_;
};

}  // namespace martlet
