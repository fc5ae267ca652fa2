// Tokens of a text of any size, scanned piece by piece.
#pragma once

#include <string_view>

#include "sql/scan.h"

namespace martlet {

/// A token that PostgreSQL's scanner refuses, at a byte offset of the text.
struct ScanError {
  std::string message;
  std::size_t offset = 0;
};

/// Scans in pieces: tokens of 100 MB at once would take gigabytes. The last token of a piece may go on in the next one
/// (literals continue over line ends), so the next piece begins with it again. Errors are thrown when they are reached,
/// so that a reader can jump over data that is not SQL.
class TokenStream {
 public:
  /// `piece_size`: of the first piece, in bytes; later ones grow.
  explicit TokenStream(std::string_view text, std::size_t piece_size = 16 * 1024)
      : text_(text), piece_size_(piece_size) {}

  /// The next token, comments included; kind 0 at the end. Throws ScanError. Numbers that are newer than the scanner
  /// (0x1F, 1_000) are tokens as well.
  ScanToken next();
  /// Goes on at `offset`, which is outside every literal and comment.
  void jump(std::size_t offset);

 private:
  void fill();
  std::size_t piece_end() const;
  void keep(const Scan& piece);
  void pass_error(const Scan& piece, bool is_last_piece);
  std::size_t number_end() const;

  std::string_view text_;
  std::vector<ScanToken> tokens_;  // offsets in text_
  std::size_t index_ = 0;          // of the next one in tokens_
  std::size_t begin_ = 0;          // what is not scanned yet
  std::size_t piece_size_;
};

}  // namespace martlet
