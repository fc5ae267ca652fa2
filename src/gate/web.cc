#include "gate/web.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace martlet {

TimedResponse fetch(const Gate& gate, const std::string& url) {
  HttpRequest request{.url = url};
  if (!gate.header.empty()) request.headers.push_back(gate.header);
  request.connect_timeout = std::min(request.connect_timeout, gate.timeout);
  request.timeout = gate.timeout;
  const auto start = std::chrono::steady_clock::now();
  TimedResponse answer{.response = send_http(request)};
  answer.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return answer;
}

std::optional<std::string> json_at(const std::string& text, const std::string& path) {
  const auto root = nlohmann::json::parse(text, nullptr, false);
  if (root.is_discarded()) throw Error(ErrorKind::refused, "the answer is no JSON");
  const nlohmann::json* at = &root;
  for (const std::string& step : split_list(path, '.')) {
    const bool index = step.find_first_not_of("0123456789") == std::string::npos && step.size() < 9;
    if (at->is_object() && at->contains(step)) {
      at = &(*at)[step];
    } else if (at->is_array() && index && std::stoul(step) < at->size()) {
      at = &(*at)[std::stoul(step)];
    } else {
      return std::nullopt;
    }
  }
  if (at->is_null()) return std::nullopt;
  return at->is_string() ? at->get<std::string>() : at->dump();
}

}  // namespace martlet
