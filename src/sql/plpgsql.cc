#include "sql/plpgsql.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "base/text.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

using Kind = PlpgsqlPart::Kind;

enum class Frame { block, handler, loop, condition };

/// Whether this token is the end of an expression or statement.
struct Ends {
  std::string_view first;   // a keyword, "" = only `;`
  std::string_view second;  // another one
  std::string_view third;

  bool at(const Token& token) const {
    if (token.is(';')) return true;
    if (token.kind != Token::Kind::word) return false;
    return token.is(first) || token.is(second) || token.is(third);
  }
};

class Reader {
 public:
  explicit Reader(std::string_view body) : body_(body), lexer_(body, Dialect::postgres) {}

  PlpgsqlBody run();

 private:
  void read_part();
  bool read_block(const Token& first);
  bool read_branch(const Token& first);
  bool read_loop(const Token& first);
  bool read_simple(const Token& first);
  void read_declarations();
  void read_for();
  void read_return();
  void read_open();
  void read_end();
  void read_assignment();
  void read_sql();
  bool is_assignment() const;
  std::size_t skip_into(Lexer& ahead) const;

  std::string_view expression(const Ends& ends);
  void pass(const Ends& ends) { expression(ends); }
  void take_keyword() { lexer_.next(); }
  void add(Kind kind, std::string_view text);
  void add_dynamic();
  void push(Frame frame);
  void pop();
  void fail(std::string problem);

  std::string_view body_;
  Lexer lexer_;
  PlpgsqlBody result_;
  std::vector<Frame> frames_;
  int loops_ = 0, conditions_ = 0;
  bool done_ = false;
};

PlpgsqlBody Reader::run() {
  while (!done_ && result_.problem.empty()) read_part();
  return std::move(result_);
}

void Reader::fail(std::string problem) {
  if (result_.problem.empty()) result_.problem = std::move(problem);
}

void Reader::push(Frame frame) {
  frames_.push_back(frame);
  if (frame == Frame::loop) ++loops_;
  if (frame == Frame::condition || frame == Frame::handler) ++conditions_;
}

void Reader::pop() {
  if (frames_.empty()) return fail("END without a beginning");
  const Frame frame = frames_.back();
  frames_.pop_back();
  if (frame == Frame::loop) --loops_;
  if (frame == Frame::condition || frame == Frame::handler) --conditions_;
  if (frames_.empty()) done_ = true;
}

void Reader::add(Kind kind, std::string_view text) {
  PlpgsqlPart part{.kind = kind, .text = std::string(text), .loops = loops_, .conditions = conditions_};
  part.offset = static_cast<std::size_t>(text.data() - body_.data());
  result_.parts.push_back(std::move(part));
}

/// The text from the next token up to what ends it, outside of parentheses and CASE; the end is not taken.
std::string_view Reader::expression(const Ends& ends) {
  const Token first = lexer_.peek();
  std::size_t end = first.offset;
  int parentheses = 0, cases = 0;
  for (Token token = first;; token = lexer_.peek()) {
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::unterminated) {
      fail("it ends in the middle of a statement");
      break;
    }
    if (parentheses <= 0 && cases <= 0 && ends.at(token)) break;
    if (token.is('(') || token.is('[')) ++parentheses;
    if (token.is(')') || token.is(']')) --parentheses;
    if (token.is("case")) ++cases;
    if (token.is("end") && cases > 0) --cases;
    end = token.offset + token.text.size();
    lexer_.next();
  }
  return body_.substr(first.offset, end - first.offset);
}

void Reader::read_part() {
  const Token first = lexer_.peek();
  if (first.kind == Token::Kind::end) return fail(frames_.empty() ? "it has no BEGIN" : "its END is missing");
  if (first.kind == Token::Kind::unterminated) return fail("a literal or comment does not end");
  if (first.is(';')) return take_keyword();
  if (first.is('<')) {  // <<label>>
    while (lexer_.peek().kind != Token::Kind::end && !lexer_.accept('>')) lexer_.next();
    lexer_.accept('>');
    return;
  }
  if (first.is('#')) {  // #variable_conflict use_column
    for (int i = 0; i < 3; ++i) lexer_.next();
    return;
  }
  if (read_block(first)) return;
  if (frames_.empty()) return fail("it has no BEGIN");
  if (is_assignment()) return read_assignment();
  if (read_branch(first) || read_loop(first) || read_simple(first)) return;
  read_sql();
}

bool Reader::read_block(const Token& first) {
  if (first.is("declare")) {
    take_keyword();
    read_declarations();
  } else if (first.is("begin")) {
    take_keyword();
    push(Frame::block);
  } else if (first.is("exception") && !frames_.empty() && frames_.back() == Frame::block) {
    take_keyword();
    frames_.pop_back();
    push(Frame::handler);
  } else if (first.is("end")) {
    read_end();
  } else {
    return false;
  }
  return true;
}

void Reader::read_end() {
  take_keyword();
  pop();
  if (done_) return;
  while (!lexer_.peek().is(';') && lexer_.peek().kind == Token::Kind::word) take_keyword();
}

bool Reader::read_branch(const Token& first) {
  if (first.is("if") || first.is("elsif") || first.is("elseif")) {
    take_keyword();
    if (first.is("if")) push(Frame::condition);
    add(Kind::condition, expression({"then"}));
    lexer_.accept("then");
  } else if (first.is("case")) {
    take_keyword();
    push(Frame::condition);
    if (!lexer_.peek().is("when")) add(Kind::condition, expression({"when"}));
  } else if (first.is("when")) {
    take_keyword();
    const std::string_view condition = expression({"then"});
    if (frames_.back() != Frame::handler) add(Kind::condition, condition);
    lexer_.accept("then");
  } else if (first.is("else")) {
    take_keyword();
  } else {
    return false;
  }
  return true;
}

bool Reader::read_loop(const Token& first) {
  if (first.is("loop")) {
    take_keyword();
    push(Frame::loop);
  } else if (first.is("while")) {
    take_keyword();
    add(Kind::condition, expression({"loop"}));
    lexer_.accept("loop");
    push(Frame::loop);
  } else if (first.is("for") || first.is("foreach")) {
    take_keyword();
    read_for();
  } else {
    return false;
  }
  return true;
}

void Reader::read_for() {
  pass({"in", "loop"});
  lexer_.accept("in");
  lexer_.accept("reverse");
  const Token first = lexer_.peek();
  if (first.is("execute")) {
    add_dynamic();
  } else {
    const std::string_view range = expression({"loop"});
    const bool is_query = first.is("select") || first.is("with") || first.is("values") || first.is("insert") ||
                          first.is("update") || first.is("delete") || first.is('(');
    add(is_query ? Kind::statement : Kind::condition, range);
  }
  pass({"loop"});
  lexer_.accept("loop");
  push(Frame::loop);
}

bool Reader::read_simple(const Token& first) {
  if (first.is("return")) {
    read_return();
  } else if (first.is("execute")) {
    add_dynamic();
    pass({});
  } else if (first.is("perform")) {
    take_keyword();
    add(Kind::statement, expression({}));
    result_.parts.back().text.insert(0, "SELECT ");
  } else if (first.is("exit") || first.is("continue")) {
    pass({"when"});
    if (lexer_.accept("when")) add(Kind::condition, expression({}));
  } else if (first.is("open")) {
    read_open();
  } else if (first.is("commit") || first.is("rollback")) {
    add(Kind::transaction, expression({}));
  } else if (first.is("raise") || first.is("assert") || first.is("get") || first.is("fetch") || first.is("move") ||
             first.is("close") || first.is("null")) {
    pass({});
  } else {
    return false;
  }
  return true;
}

void Reader::add_dynamic() {
  take_keyword();
  add(Kind::dynamic, expression({"using", "into", "loop"}));
}

void Reader::read_return() {
  take_keyword();
  if (lexer_.accept("query")) {
    if (!lexer_.peek().is("execute")) return add(Kind::statement, expression({}));
    add_dynamic();
    return pass({});
  }
  lexer_.accept("next");
  if (!lexer_.peek().is(';')) add(Kind::result, expression({}));
}

void Reader::read_open() {
  pass({"for"});
  if (!lexer_.accept("for")) return pass({});
  if (!lexer_.peek().is("execute")) return add(Kind::statement, expression({}));
  add_dynamic();
  pass({});
}

void Reader::read_declarations() {
  while (result_.problem.empty()) {
    const Token first = lexer_.peek();
    if (first.is("begin")) return;
    if (first.is(';') || first.is("declare")) {
      take_keyword();
      continue;
    }
    if (first.is('<')) return;
    const std::string name = lexer_.accept_name();
    if (name.empty()) return fail("its declarations cannot be read");
    const bool is_cursor =
        lexer_.accept("cursor") || lexer_.accept({"no", "scroll", "cursor"}) || lexer_.accept({"scroll", "cursor"});
    if (is_cursor) {
      pass({"for", "is"});
      if (lexer_.accept("for") || lexer_.accept("is")) add(Kind::statement, expression({}));
      continue;
    }
    pass({});
  }
}

/// name, name.field, name[1], … followed by := or =
bool Reader::is_assignment() const {
  Lexer ahead = lexer_;
  if (ahead.accept_name().empty()) return false;
  while (ahead.accept('[')) {
    for (int depth = 1; depth > 0;) {
      const Token token = ahead.next();
      if (token.kind == Token::Kind::end || token.kind == Token::Kind::unterminated) return false;
      if (token.is('[')) ++depth;
      if (token.is(']')) --depth;
    }
    if (ahead.accept('.')) ahead.accept_name();
  }
  return ahead.accept('=') || (ahead.accept(':') && ahead.accept('='));
}

void Reader::read_assignment() {
  std::string target;
  while (!lexer_.peek().is(':') && !lexer_.peek().is('=')) target += lexer_.next().text;
  lexer_.accept(':');
  lexer_.accept('=');
  add(Kind::assignment, expression({}));
  result_.parts.back().target = std::move(target);
}

/// Takes the targets after INTO; returns where they end.
std::size_t Reader::skip_into(Lexer& ahead) const {
  ahead.accept("strict");
  std::size_t end = ahead.peek().offset;
  do {
    if (ahead.accept_name().empty()) break;
    if (ahead.accept('[')) {
      while (ahead.peek().kind != Token::Kind::end && !ahead.accept(']')) ahead.next();
    }
    Lexer behind = ahead;
    end = behind.peek().offset;
  } while (ahead.accept(','));
  return end;
}

/// As pl_gram.y, make_execsql_stmt(): INTO belongs to PL/pgSQL unless it follows INSERT or MERGE or the statement is
/// IMPORT FOREIGN SCHEMA. It gives way to spaces, so that positions stay.
void Reader::read_sql() {
  const Token first = lexer_.peek();
  if (first.kind != Token::Kind::word && !first.is('(')) return fail("it has something that is no statement");
  Lexer ahead = lexer_;
  const std::string_view text = expression({});
  add(Kind::statement, text);
  std::string& kept = result_.parts.back().text;
  if (first.is("import")) return;
  bool after_insert = false;
  for (Token token = ahead.next(); token.offset < first.offset + text.size(); token = ahead.next()) {
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::unterminated) return;
    if (token.is("into") && !after_insert) {
      const std::size_t end = std::min(skip_into(ahead), first.offset + text.size());
      for (std::size_t i = token.offset; i < end; ++i) {
        if (kept[i - first.offset] != '\n') kept[i - first.offset] = ' ';
      }
      kept.resize(kept.find_last_not_of(" \n") + 1);
      return;
    }
    after_insert = token.is("insert") || token.is("merge");
  }
}

}  // namespace

PlpgsqlBody read_plpgsql(std::string_view body) {
  return Reader(body).run();
}

}  // namespace martlet
