// What nearly every file needs, parsed once: the C++ library, and what every room may include.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

// Made once, in base/json.cc, instead of in each of the files that use them: half of what those took to compile.
extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace martlet::precompiled {

// Templates that are used here are instantiated here (-fpch-instantiate-templates), and no more in every other file.
inline void instantiate_the_usual() {
  nlohmann::ordered_json object{{"text", "value"}};
  object["number"] = 1;
  object["long"] = 1L;
  object["real"] = 1.5;
  object["truth"] = true;
  object["nothing"] = nullptr;
  object["string"] = std::string("value");
  nlohmann::json list = nlohmann::json::parse("[]");
  list.push_back(object.value("text", std::string()));
  list.push_back(object.at("text").get<std::string>());
  std::map<std::string, std::string> names;
  names["name"] = fmt::format("{} {} {}", std::string("text"), "text", 1);
}

}  // namespace martlet::precompiled
