#include "gate/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<double> number_from(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failure == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole && !std::isnan(number) ? std::optional(number) : std::nullopt;
}

// Longest first: "<=" is not "<".
constexpr std::array<std::string_view, 6> kComparisons{"<=", ">=", "==", "!=", "<", ">"};

bool compare_numbers(std::string_view how, double left, double right) {
  if (how == "<") return left < right;
  if (how == "<=") return left <= right;
  if (how == ">") return left > right;
  if (how == ">=") return left >= right;
  return (left == right) == (how == "==");
}

}  // namespace

Scalar Scalar::of(double number) {
  return {fmt::format("{}", std::round(number * 1000) / 1000), number};
}

Scalar Scalar::of(std::string text) {
  Scalar scalar{std::move(text), std::nullopt};
  scalar.number = number_from(scalar.text);
  if (scalar.text == "t" || scalar.text == "true") scalar.number = 1;
  if (scalar.text == "f" || scalar.text == "false") scalar.number = 0;
  return scalar;
}

// or > and > not > comparison.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}

  Expression parse() {
    Expression made;
    made.text_ = text_;
    made.root_ = disjunction();
    skip_space();
    if (at_ < text_.size()) throw wrong("and, or, or the end");
    return made;
  }

 private:
  using Node = Expression::Node;
  using Operand = Expression::Operand;

  Node disjunction() { return list(Node::Kind::disjunction, "or", "||", &ExpressionParser::conjunction); }
  Node conjunction() { return list(Node::Kind::conjunction, "and", "&&", &ExpressionParser::negation); }

  Node list(Node::Kind kind, std::string_view word, std::string_view sign, Node (ExpressionParser::*part)()) {
    Node first = (this->*part)();
    if (!takes(word, sign)) return first;
    Node node{.kind = kind, .parts = {std::move(first)}};
    do {
      node.parts.push_back((this->*part)());
    } while (takes(word, sign));
    return node;
  }

  Node negation() {
    if (takes("not", "!")) return Node{.kind = Node::Kind::negation, .parts = {negation()}};
    skip_space();
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      Node inner = disjunction();
      skip_space();
      if (at_ == text_.size() || text_[at_] != ')') throw wrong("a closing bracket");
      ++at_;
      return inner;
    }
    return comparison();
  }

  Node comparison() {
    Node node;
    node.left = operand();
    skip_space();
    for (const std::string_view sign : kComparisons) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      node.comparison = sign;
      node.right = operand();
      const bool by_size = sign != "==" && sign != "!=";
      if (by_size && (node.left.is_text || node.right.is_text)) throw wrong("a number: texts are only == or !=");
      return node;
    }
    throw wrong("one of < <= > >= == !=");
  }

  Operand operand() {
    skip_space();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) return quoted(text_[at_]);
    const std::size_t start = at_;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) ++at_;
    std::string word(text_.substr(start, at_ - start));
    if (const auto number = number_from(word)) return {.constant = {word, number}};
    if (word == "true" || word == "false") return {.constant = Scalar::of(std::move(word))};
    const bool named = !word.empty() && std::ranges::all_of(word, is_word) && !(word[0] >= '0' && word[0] <= '9');
    if (named) return {.is_variable = true, .name = std::move(word)};
    at_ = start;
    throw wrong("`value`, a number or a \"text\"");
  }

  Operand quoted(char mark) {
    const std::size_t end = text_.find(mark, at_ + 1);
    if (end == std::string_view::npos) throw wrong("a closing quotation mark");
    Operand made{.is_text = true, .constant = {std::string(text_.substr(at_ + 1, end - at_ - 1)), std::nullopt}};
    at_ = end + 1;
    return made;
  }

  bool takes(std::string_view word, std::string_view sign) {
    skip_space();
    const std::string_view rest = text_.substr(at_);
    const bool is_the_word = rest.starts_with(word) && (rest.size() == word.size() || !is_word(rest[word.size()]));
    const bool is_the_sign = rest.starts_with(sign) && !rest.starts_with("!=");
    if (!is_the_word && !is_the_sign) return false;
    at_ += is_the_word ? word.size() : sign.size();
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  Error wrong(std::string_view wanted) const {
    return Error(ErrorKind::usage,
                 fmt::format("\"{}\" cannot be read at character {}: expected {}", text_, at_ + 1, wanted))
        .next("write it like `value < 250 and value >= 0`");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Expression Expression::parse(std::string_view text) {
  return ExpressionParser(text).parse();
}

bool Expression::holds(const Variables& values) const {
  return holds(root_, values);
}

bool Expression::holds(const Node& node, const Variables& values) {
  const auto does = [&](const Node& part) { return holds(part, values); };
  switch (node.kind) {
    case Node::Kind::conjunction:
      return std::ranges::all_of(node.parts, does);
    case Node::Kind::disjunction:
      return std::ranges::any_of(node.parts, does);
    case Node::Kind::negation:
      return !does(node.parts.front());
    case Node::Kind::comparison:
      return compares(node, values);
  }
  return false;
}

bool Expression::compares(const Node& node, const Variables& values) {
  const auto value_of = [&](const Operand& operand) -> const Scalar& {
    if (!operand.is_variable) return operand.constant;
    const auto found = values.find(operand.name);
    if (found != values.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [name, value] : values) known.push_back(name);
    throw Error(ErrorKind::usage, fmt::format("there is no `{}` here, only {}", operand.name, join(known, ", ")));
  };
  const Scalar& left = value_of(node.left);
  const Scalar& right = value_of(node.right);
  if (node.left.is_text || node.right.is_text) return (left.text == right.text) == (node.comparison == "==");
  for (const Scalar* each : {&left, &right}) {
    if (!each->number) throw Error(ErrorKind::usage, fmt::format("\"{}\" is no number", each->text));
  }
  return compare_numbers(node.comparison, *left.number, *right.number);
}

std::vector<std::string> Expression::names() const {
  std::vector<std::string> names;
  collect(root_, names);
  return names;
}

void Expression::collect(const Node& node, std::vector<std::string>& names) {
  for (const Operand* each : {&node.left, &node.right}) {
    if (each->is_variable) names.push_back(each->name);
  }
  for (const Node& part : node.parts) collect(part, names);
}

}  // namespace martlet
