#include "sql/places.h"

#include <algorithm>

#include "base/text.h"

namespace martlet {

std::string_view body_of(const SourceText& source) {
  std::string_view body = source.text;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  return body;
}

Places::Places(const SourceText& source) : body_(body_of(source)), file_(source.file), first_line_(source.first_line) {}

Place Places::at(std::size_t offset) {
  offset = std::min(offset, body_.size());
  if (offset < line_start_) {
    line_start_ = 0;
    lines_ = 0;
  }
  for (std::size_t end = body_.find('\n', line_start_); end < offset; end = body_.find('\n', line_start_)) {
    line_start_ = end + 1;
    ++lines_;
  }
  int column = static_cast<int>(count_characters(body_.substr(line_start_, offset - line_start_))) + 1;
  return {file_, first_line_ + lines_, column};
}

Place place_in(const Statement& statement, std::size_t offset) {
  const LineColumn found = line_column_at(statement.text, std::min(offset, statement.text.size()));
  Place place = statement.place;
  place.column = found.line == 1 ? place.column + found.column - 1 : found.column;
  place.line += found.line - 1;
  return place;
}

void reject_nul_bytes(const SourceText& source) {
  std::size_t offset = body_of(source).find('\0');
  if (offset == std::string_view::npos) return;
  throw Error(ErrorKind::validation, "the file contains a NUL byte, which cannot be part of SQL")
      .at(Places(source).at(offset))
      .leaves("nothing was run")
      .next("remove the byte, or save the file as UTF-8 if it is UTF-16");
}

}  // namespace martlet
