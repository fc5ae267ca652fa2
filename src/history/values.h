// Reading the text values of a row.
#pragma once

#include <charconv>
#include <string>

#include "db/connection.h"

namespace martlet {

/// The value, "" for NULL.
inline std::string text_of(const Value& value) {
  return value.value_or("");
}

/// The value as a whole number, 0 for NULL.
inline long long number_of(const Value& value) {
  long long number = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), number);
  return number;
}

/// True for PostgreSQL's "t" and SQLite's "1".
inline bool truth_of(const Value& value) {
  return value && (*value == "t" || *value == "1");
}

}  // namespace martlet
