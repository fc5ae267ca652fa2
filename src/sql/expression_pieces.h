// An expression of PL/pgSQL taken apart by its tokens: what || joins, what a function is called with.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace martlet {

using Tokens = std::span<const Token>;

/// All tokens of the expression, which must outlive them; an unterminated one is the last.
std::vector<Token> tokens_of(std::string_view expression);
/// From the first token to the last, with what stands between; `tokens` is not empty.
std::string_view text_of(Tokens tokens);
/// Splits outside of parentheses: at every `,`, or at every `||` where `separator` is '|'.
std::vector<Tokens> pieces(Tokens tokens, char separator);
/// Without what encloses the whole, to a depth that no one writes by hand.
Tokens without_parentheses(Tokens tokens);
/// Is it one call of one of these functions?
bool is_call_of(Tokens tokens, std::initializer_list<std::string_view> names);
/// Ends with a cast to a type whose text cannot carry SQL.
bool is_harmless_cast(Tokens tokens);

}  // namespace martlet
