#include "sql/token_stream.h"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <cctype>

namespace martlet {
namespace {

constexpr std::size_t largest_regular_piece = 64 * 1024;
// After data (which ends a piece early and makes its rest wasted work) pieces start small again.
constexpr std::size_t piece_after_jump = 2 * 1024;

bool continues_number(char c) {
  auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) || c == '_' || c == '.' || c == '$' || byte >= 0x80;
}

bool is_comment(const ScanToken& token) {
  return token.kind == PG_QUERY__TOKEN__SQL_COMMENT || token.kind == PG_QUERY__TOKEN__C_COMMENT;
}

/// A literal may go on after comments and a line end, so comments at the end are left with it.
void leave_last_token(Scan& piece) {
  std::size_t last = piece.tokens.size() - 1;
  while (last > 0 && is_comment(piece.tokens[last])) --last;
  piece.error = "unterminated piece";
  piece.error_token = piece.tokens[last].start;
  piece.tokens.resize(last);
}

}  // namespace

ScanToken TokenStream::next() {
  while (index_ == tokens_.size() && begin_ < text_.size()) fill();
  if (index_ == tokens_.size()) return {text_.size(), 0};
  return tokens_[index_++];
}

void TokenStream::jump(std::size_t offset) {
  tokens_.clear();
  index_ = 0;
  begin_ = offset;
  piece_size_ = piece_after_jump;
}

void TokenStream::fill() {
  std::size_t end = piece_end();
  bool is_last_piece = end == text_.size();
  Scan piece = scan(text_.substr(begin_, end - begin_));
  if (piece.error.empty() && !is_last_piece && !piece.tokens.empty()) leave_last_token(piece);
  keep(piece);
  if (!piece.error.empty()) return pass_error(piece, is_last_piece);
  begin_ = end;
}

/// Just after a line end, or in a very long line after a comma or semicolon: no token but a literal or comment goes
/// over these.
std::size_t TokenStream::piece_end() const {
  std::size_t wanted = begin_ + piece_size_;
  if (wanted >= text_.size()) return text_.size();
  std::size_t found = text_.substr(0, wanted + piece_size_).find('\n', wanted);
  if (found == std::string_view::npos) found = text_.find_first_of(",;\n", wanted);
  return found == std::string_view::npos ? text_.size() : found + 1;
}

void TokenStream::keep(const Scan& piece) {
  tokens_.clear();
  index_ = 0;
  for (ScanToken token : piece.tokens) tokens_.push_back({token.start + begin_, token.kind});
}

/// The tokens before the error come first; only when it is the next thing to be read is it dealt with.
void TokenStream::pass_error(const Scan& piece, bool is_last_piece) {
  if (piece.error_token > 0) {
    begin_ += piece.error_token;
    piece_size_ = std::min(piece_size_ * 2, largest_regular_piece);
  } else if (piece.error == "trailing junk after numeric literal") {
    tokens_ = {{begin_, PG_QUERY__TOKEN__ICONST}};
    begin_ = number_end();
  } else if (piece.error.starts_with("unterminated") && !is_last_piece) {
    piece_size_ *= 2;
  } else {
    throw ScanError{piece.error, begin_ + piece.error_offset};
  }
}

std::size_t TokenStream::number_end() const {
  std::size_t end = begin_;
  while (end < text_.size() && continues_number(text_[end])) ++end;
  return std::max(end, begin_ + 1);
}

}  // namespace martlet
