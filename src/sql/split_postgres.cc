#include "sql/split_postgres.h"

#include <pg_query/pg_query.pb-c.h>

#include <optional>

#include "base/text.h"
#include "sql/places.h"
#include "sql/split_plain.h"
#include "sql/statement_end.h"
#include "sql/token_stream.h"

namespace martlet {
namespace {

/// Collects tokens into statements.
class Splitter {
 public:
  explicit Splitter(const SourceText& source) : body_(body_of(source)), places_(source), stream_(body_) {}

  std::vector<Statement> run();

 private:
  void read(ScanToken token);
  void finish(std::size_t end);
  void pass_meta_command(std::size_t offset);
  void read_copy_data(Statement& statement, std::size_t semicolon);
  void require_blank_rest(const Place& copy, std::size_t from, std::size_t to) const;
  std::size_t line_end(std::size_t offset) const { return std::min(body_.find('\n', offset), body_.size()); }

  std::string_view body_;
  Places places_;
  TokenStream stream_;
  std::vector<Statement> statements_;
  std::optional<StatementEnd> open_;    // the statement being read
  std::size_t start_ = 0;               // of its first token
  std::optional<std::size_t> comment_;  // where comments after its last token begin
};

std::vector<Statement> Splitter::run() {
  try {
    for (ScanToken token = stream_.next(); token.kind != 0; token = stream_.next()) read(token);
  } catch (const ScanError& error) {
    throw Error(ErrorKind::validation,
                error.message + (error.message.starts_with("unterminated") ? " begins here" : ""))
        .at(places_.at(error.offset))
        .leaves("nothing was run")
        .next("correct the file at this place");
  }
  if (open_) finish(body_.size());
  return std::move(statements_);
}

void Splitter::read(ScanToken token) {
  if (token.kind == PG_QUERY__TOKEN__SQL_COMMENT || token.kind == PG_QUERY__TOKEN__C_COMMENT) {
    if (!comment_) comment_ = token.start;
    return;
  }
  if (token.kind == PG_QUERY__TOKEN__ASCII_92) return pass_meta_command(token.start);
  if (!open_) {
    if (token.kind == PG_QUERY__TOKEN__ASCII_59) return;
    open_.emplace();
    start_ = token.start;
  }
  bool ends = open_->feed(token.kind);
  if (ends) return finish(token.start);
  comment_.reset();
}

void Splitter::finish(std::size_t end) {
  std::size_t text_end = comment_.value_or(end);
  Statement statement{std::string(trim(body_.substr(start_, text_end - start_))), places_.at(start_), "", false};
  statement.is_copy_in = open_->is_copy_from_stdin();
  open_.reset();
  comment_.reset();
  if (statement.is_copy_in) read_copy_data(statement, end);
  statements_.push_back(std::move(statement));
}

/// pg_dump writes \restrict and \unrestrict; all else would change what the file means.
void Splitter::pass_meta_command(std::size_t offset) {
  std::size_t end = body_.find_first_of(" \t\r\n;", offset);
  std::string_view name = body_.substr(offset, end == std::string_view::npos ? end : end - offset);
  if (name == "\\restrict" || name == "\\unrestrict") return stream_.jump(line_end(offset));
  throw Error(ErrorKind::validation, "psql meta-command " + std::string(name) + " is not SQL")
      .at(places_.at(offset))
      .leaves("nothing was run")
      .next("write SQL in its place; what \\i would read belongs in this file or in a migration of its own");
}

void Splitter::read_copy_data(Statement& statement, std::size_t semicolon) {
  std::size_t begin = std::min(line_end(semicolon) + 1, body_.size());
  require_blank_rest(statement.place, std::min(semicolon + 1, body_.size()), begin);
  std::size_t line = begin;
  while (line < body_.size()) {
    std::size_t end = line_end(line);
    std::string_view text = body_.substr(line, end - line);
    if (text == "\\." || text == "\\.\r") {
      statement.copy_data = std::string(body_.substr(begin, line - begin));
      return stream_.jump(end);
    }
    line = end + 1;
  }
  throw Error(ErrorKind::validation, "the data of COPY … FROM stdin has no end: a line with only \\. is missing")
      .at(statement.place)
      .leaves("nothing was run")
      .next("end the data with a line that holds only \\.");
}

/// psql would run what follows on the line after the data; nobody means that.
void Splitter::require_blank_rest(const Place& copy, std::size_t from, std::size_t to) const {
  TokenStream rest(body_.substr(from, to - from));
  for (ScanToken token = rest.next(); token.kind != 0; token = rest.next()) {
    if (token.kind == PG_QUERY__TOKEN__SQL_COMMENT || token.kind == PG_QUERY__TOKEN__C_COMMENT) continue;
    throw Error(ErrorKind::validation,
                "SQL follows COPY … FROM stdin; on the same line, where only its data may follow")
        .at(copy)
        .leaves("nothing was run")
        .next("move it to a line after the \\. that ends the data");
  }
}

}  // namespace

std::vector<Statement> split_postgres(const SourceText& source) {
  if (std::optional<std::vector<Statement>> statements = split_plain(source)) return std::move(*statements);
  return split_scanned(source);
}

std::vector<Statement> split_scanned(const SourceText& source) {
  reject_nul_bytes(source);
  return Splitter(source).run();
}

}  // namespace martlet
