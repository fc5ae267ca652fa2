// Conditions over what a gate measured: `value < 250`, `status == 200 and ms < 500`, `value == "ok"`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// A measured value: its text, and the number that it is, if it is one. PostgreSQL's `t` and `f` are 1 and 0.
struct Scalar {
  std::string text;
  std::optional<double> number;

  static Scalar of(double number);
  static Scalar of(std::string text);
};
/// By name; every sample of a gate has one that is called "value".
using Variables = std::map<std::string, Scalar, std::less<>>;

/// Comparisons (< <= > >= == !=) between a variable and a number, a "text", true or false, joined by and, or, not and
/// brackets; &&, || and ! are understood too.
class Expression {
 public:
  /// Throws Error{usage} naming the character where it cannot be read.
  static Expression parse(std::string_view text);
  /// Throws Error{usage} where it names a variable that is not among them, or compares a text by size.
  bool holds(const Variables& values) const;
  const std::string& text() const { return text_; }
  /// The variables that it names.
  std::vector<std::string> names() const;

 private:
  friend class ExpressionParser;
  struct Operand {
    bool is_variable = false;
    bool is_text = false;  // written in quotation marks
    std::string name;
    Scalar constant;
  };
  struct Node {
    enum class Kind { comparison, conjunction, disjunction, negation } kind = Kind::comparison;
    std::string comparison;
    Operand left, right;
    std::vector<Node> parts;
  };
  static bool holds(const Node& node, const Variables& values);
  static bool compares(const Node& node, const Variables& values);
  static void collect(const Node& node, std::vector<std::string>& names);

  std::string text_;
  Node root_;
};

}  // namespace martlet
