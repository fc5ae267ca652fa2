#include "sql/body.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/places.h"

namespace martlet {
namespace {

/// The text of a body and where it begins in the file.
struct BodyText {
  std::string text;
  Place begin;
  bool as_written = true;  // false: escapes and doubled quotes shift what follows them
};

std::string_view option_text(const PgQuery__DefElem& option) {
  if (!option.arg) return "";
  if (option.arg->node_case != PG_QUERY__NODE__NODE_LIST) return string_value(option.arg);
  return option.arg->list->n_items == 1 ? string_value(option.arg->list->items[0]) : "";
}

const PgQuery__DefElem* find_option(std::span<Node* const> options, std::string_view name) {
  for (const Node* each : options) {
    if (each->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && each->def_elem->defname == name) return each->def_elem;
  }
  return nullptr;
}

/// The first literal at or after the option, which is the body.
BodyText literal_body(const Statement& statement, const PgQuery__DefElem& option) {
  const std::size_t from = std::min<std::size_t>(std::max(option.location, 0), statement.text.size());
  BodyText body{std::string(option_text(option)), statement.place};
  Lexer lexer(std::string_view(statement.text).substr(from), Dialect::postgres);
  Token token = lexer.next();
  while (token.kind != Token::Kind::string && token.kind != Token::Kind::end) token = lexer.next();
  if (token.kind == Token::Kind::end) return body;
  const bool is_dollar = token.text.starts_with('$');
  const std::size_t opening = token.text.find(is_dollar ? '$' : '\'', is_dollar ? 1 : 0) + 1;
  body.begin = place_in(statement, from + token.offset + opening);
  body.as_written = token.text.substr(opening).starts_with(body.text);
  return body;
}

/// What stands between BEGIN ATOMIC and the last END.
std::optional<BodyText> atomic_body(const Statement& statement) {
  Lexer lexer(statement.text, Dialect::postgres);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    if (!token.is("begin") || !lexer.accept("atomic")) continue;
    const std::size_t begin = token.offset;
    std::size_t first = 0, last = 0;
    for (token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
      if (first == 0) first = token.offset;
      if (token.is("end")) last = token.offset;
    }
    if (last <= begin) return std::nullopt;
    return BodyText{statement.text.substr(first, last - first), place_in(statement, first)};
  }
  return std::nullopt;
}

class Opener {
 public:
  explicit Opener(BodyText text)
      : source_{std::move(text.text), text.begin.file, text.begin.line},
        begin_(text.begin),
        as_written_(text.as_written),
        places_(source_) {}

  void read_plpgsql_into(Body& body);
  void read_sql_into(Body& body);

 private:
  Place place(std::size_t offset) {
    if (!as_written_) return begin_;
    return shifted(places_.at(offset));
  }
  Place shifted(Place place) const {
    if (!as_written_) return begin_;
    if (place.line == begin_.line) place.column += begin_.column - 1;
    return place;
  }
  void add_constant(Body& body, const BodyPart& dynamic) const;

  SourceText source_;
  Place begin_;
  bool as_written_;
  Places places_;
};

/// EXECUTE of a text that is already there runs these statements.
void Opener::add_constant(Body& body, const BodyPart& dynamic) const {
  DynamicText text = read_dynamic(dynamic.statement.text);
  if (text.form != DynamicText::Form::constant) return;
  try {
    for (Statement& each : split({std::move(text.sql), dynamic.statement.place.file}, Dialect::postgres)) {
      each.place = dynamic.statement.place;
      BodyPart part = dynamic;
      part.kind = PlpgsqlPart::Kind::statement;
      part.statement = std::move(each);
      part.dynamic = true;
      body.parts.push_back(std::move(part));
    }
  } catch (const Error& error) {
    body.problem = error.message;
  }
}

void Opener::read_plpgsql_into(Body& body) {
  PlpgsqlBody read = read_plpgsql(source_.text);
  body.problem = std::move(read.problem);
  for (PlpgsqlPart& each : read.parts) {
    BodyPart part{
        .kind = each.kind, .target = std::move(each.target), .loops = each.loops, .conditions = each.conditions};
    part.statement = {.text = std::move(each.text), .place = place(each.offset)};
    body.parts.push_back(part);
    if (part.kind == PlpgsqlPart::Kind::dynamic) add_constant(body, part);
  }
}

void Opener::read_sql_into(Body& body) {
  try {
    for (Statement& each : split(source_, Dialect::postgres)) {
      each.place = shifted(each.place);
      body.parts.push_back({.statement = std::move(each)});
    }
  } catch (const Error& error) {
    body.problem = error.message;
  }
}

std::span<Node* const> options_of(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_DO_STMT) return list(node.do_stmt->n_args, node.do_stmt->args);
  return list(node.create_function_stmt->n_options, node.create_function_stmt->options);
}

}  // namespace

std::optional<Body> open_body(const Statement& statement, const Node& node) {
  const bool is_do = node.node_case == PG_QUERY__NODE__NODE_DO_STMT;
  if (!is_do && node.node_case != PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) return std::nullopt;
  const PgQuery__DefElem* language = find_option(options_of(node), "language");
  const PgQuery__DefElem* as = find_option(options_of(node), "as");
  Body body{.language = language ? lower(option_text(*language)) : is_do ? "plpgsql" : "sql"};
  std::optional<BodyText> text;
  if (as && !option_text(*as).empty()) text = literal_body(statement, *as);
  if (!as && !is_do && node.create_function_stmt->sql_body) text = atomic_body(statement);
  if (!text) return as || (!is_do && node.create_function_stmt->sql_body) ? std::optional(body) : std::nullopt;
  Opener opener(std::move(*text));
  if (body.language == "plpgsql") opener.read_plpgsql_into(body);
  if (body.language == "sql") opener.read_sql_into(body);
  return body;
}

}  // namespace martlet
