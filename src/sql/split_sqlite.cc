#include "sql/split_sqlite.h"

#include <sqlite3.h>

#include <optional>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/places.h"

namespace martlet {
namespace {

/// Collects tokens into statements.
class Splitter {
 public:
  explicit Splitter(const SourceText& source) : body_(body_of(source)), places_(source) {}

  std::vector<Statement> run();

 private:
  void read(const Token& token);
  void open(const Token& token);
  void finish();
  bool ends_trigger(std::size_t semicolon) const;
  void refuse_dot_command(const Token& token);

  std::string_view body_;
  Places places_;
  std::vector<Statement> statements_;
  bool is_open_ = false;
  bool is_trigger_ = false;
  std::size_t start_ = 0;         // of the statement's first token
  std::size_t end_ = 0;           // of its last one
  bool after_semicolon_ = false;  // its last token is `;`
  bool after_end_ = false;        // its last tokens are `; END`
};

std::vector<Statement> Splitter::run() {
  Lexer lexer(body_, Dialect::sqlite);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) read(token);
  if (is_open_) finish();
  return std::move(statements_);
}

void Splitter::read(const Token& token) {
  if (token.kind == Token::Kind::unterminated) {
    bool comment = token.text.starts_with("/*");
    throw Error(ErrorKind::validation, comment ? "unterminated comment begins here" : "unterminated quote begins here")
        .at(places_.at(token.offset))
        .leaves("nothing was run")
        .next("correct the file at this place");
  }
  if (!is_open_) {
    refuse_dot_command(token);
    if (!token.is(';')) open(token);
    return;
  }
  if (token.is(';') && (!is_trigger_ || ends_trigger(token.offset))) return finish();
  end_ = token.offset + token.text.size();
  after_end_ = after_semicolon_ && token.is("end");
  after_semicolon_ = token.is(';');
}

void Splitter::open(const Token& token) {
  is_open_ = true;
  start_ = token.offset;
  end_ = token.offset + token.text.size();
  after_end_ = after_semicolon_ = false;
  Lexer head(body_.substr(start_), Dialect::sqlite);
  if (head.accept("explain")) head.accept({"query", "plan"});
  bool create = head.accept("create");
  if (!head.accept("temp")) head.accept("temporary");
  is_trigger_ = create && head.accept("trigger");
}

void Splitter::finish() {
  statements_.push_back({std::string(body_.substr(start_, end_ - start_)), places_.at(start_), "", false});
  is_open_ = false;
}

/// Asked only after `; END`, so that the cost stays linear in the number of statements in a trigger.
bool Splitter::ends_trigger(std::size_t semicolon) const {
  if (!after_end_) return false;
  return sqlite3_complete(std::string(body_.substr(start_, semicolon + 1 - start_)).c_str()) != 0;
}

/// The shell knows them at the beginning of a line.
void Splitter::refuse_dot_command(const Token& token) {
  bool begins_line = token.offset == 0 || body_[token.offset - 1] == '\n';
  bool of_psql = token.is('\\');
  if (!begins_line || !(token.is('.') || of_psql)) return;
  std::size_t end = body_.find_first_of(" \t\r\n;", token.offset);
  std::string name(body_.substr(token.offset, end == std::string_view::npos ? end : end - token.offset));
  throw Error(ErrorKind::validation, (of_psql ? "psql meta-command " : "sqlite3 dot-command ") + name + " is not SQL")
      .at(places_.at(token.offset))
      .leaves("nothing was run")
      .next("write SQL in its place; what .read would read belongs in this file or in a migration of its own");
}

}  // namespace

std::vector<Statement> split_sqlite(const SourceText& source) {
  reject_nul_bytes(source);
  return Splitter(source).run();
}

}  // namespace martlet
