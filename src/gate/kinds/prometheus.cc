// An instant query of a Prometheus server (HTTP API v1): each series of its answer is a sample.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "base/text.h"
#include "gate/kind.h"
#include "gate/web.h"

namespace martlet {
namespace {

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    made += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return made;
}

// What another server sends may lack anything.
const nlohmann::json& part(const nlohmann::json& whole, const char* name) {
  static const nlohmann::json kNone;
  return whole.is_object() && whole.contains(name) ? whole[name] : kNone;
}

std::string text_part(const nlohmann::json& whole, const char* name) {
  const nlohmann::json& found = part(whole, name);
  return found.is_string() ? found.get<std::string>() : "";
}

std::string label_of(const nlohmann::json& series) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : part(series, "metric").items()) {
    if (value.is_string()) parts.push_back(fmt::format("{}={}", name, value.get<std::string>()));
  }
  return join(parts, ",");
}

// [time, "value"]; "NaN", the answer to a division by nothing, is no data.
void add(GateMeasurement& measured, std::string label, const nlohmann::json& pair) {
  if (!pair.is_array() || pair.size() != 2 || !pair[1].is_string()) return;
  const std::string text = pair[1];
  if (text == "NaN") return;
  measured.samples.push_back({.label = std::move(label), .values = {{"value", Scalar::of(text)}}});
}

GateMeasurement samples_of(const nlohmann::json& data) {
  GateMeasurement measured;
  const std::string type = text_part(data, "resultType");
  if (type == "scalar" || type == "string") {
    add(measured, "", part(data, "result"));
  } else if (type == "vector") {
    for (const nlohmann::json& series : part(data, "result")) {
      add(measured, label_of(series), part(series, "value"));
    }
  } else {
    throw Error(ErrorKind::refused, fmt::format("the query gives a {}, not one value a series", type));
  }
  if (measured.samples.empty()) measured.about = "the query has no series with a value";
  return measured;
}

GateMeasurement read(GateWorld&, const Gate& gate) {
  std::string base = gate.url;
  while (base.ends_with('/')) base.pop_back();
  const TimedResponse answer = fetch(gate, base + "/api/v1/query?query=" + escaped(gate.query));
  const auto json = nlohmann::json::parse(answer.response.body, nullptr, false);
  if (text_part(json, "status") != "success") {
    const std::string said = text_part(json, "error");
    throw Error(ErrorKind::refused,
                fmt::format("Prometheus answered {}{}{}", answer.response.status, said.empty() ? "" : ": ", said));
  }
  return samples_of(part(json, "data"));
}

const Registered<GateKind> kKind{{
    .id = "prometheus",
    .summary = "an instant query of a Prometheus server; each series is judged",
    .needs = {"url", "query"},
    .takes = {"header"},
    .success = "",
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<PlainGauge>(gate, read); },
}};

}  // namespace
}  // namespace martlet
