// Which SQL a text is written in.
#pragma once

#include <string_view>

namespace martlet {

enum class Dialect { postgres, sqlite };

constexpr std::string_view dialect_name(Dialect dialect) {
  return dialect == Dialect::postgres ? "postgres" : "sqlite";
}

}  // namespace martlet
