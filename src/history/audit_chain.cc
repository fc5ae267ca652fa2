#include "history/audit_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/digest.h"

namespace martlet {
namespace {

using Json = nlohmann::json;  // its keys are sorted

/// The texts of an event by their name in JSON.
struct TextField {
  const char* name;
  std::string AuditEvent::*text;
};

constexpr TextField kTexts[] = {
    {"at", &AuditEvent::at},
    {"event", &AuditEvent::event},
    {"migration", &AuditEvent::migration},
    {"version_before", &AuditEvent::version_before},
    {"version_after", &AuditEvent::version_after},
    {"actor", &AuditEvent::actor},
    {"role", &AuditEvent::role},
    {"host", &AuditEvent::host},
    {"ci", &AuditEvent::ci},
    {"ticket", &AuditEvent::ticket},
    {"run_id", &AuditEvent::run_id},
    {"detail", &AuditEvent::detail},
    {"previous_hash", &AuditEvent::previous_hash},
};

Json without_hash(const AuditEvent& event) {
  Json object{{"number", event.number}, {"duration_ms", event.duration_ms}};
  for (const TextField& field : kTexts) object[field.name] = event.*field.text;
  return object;
}

std::string one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string missing(long long from, long long to) {
  return from == to ? fmt::format("event {} is missing", from) : fmt::format("events {} to {} are missing", from, to);
}

}  // namespace

std::string audit_line(const AuditEvent& event) {
  Json object = without_hash(event);
  object["hash"] = event.hash;
  return one_line(object);
}

std::optional<AuditEvent> read_audit_line(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object() || object.size() != std::size(kTexts) + 3) return std::nullopt;
  AuditEvent event;
  const auto number = object.find("number");
  const auto duration = object.find("duration_ms");
  const auto hash = object.find("hash");
  if (number == object.end() || duration == object.end() || hash == object.end()) return std::nullopt;
  if (!number->is_number_integer() || !duration->is_number_integer() || !hash->is_string()) return std::nullopt;
  event.number = *number;
  event.duration_ms = *duration;
  event.hash = *hash;
  for (const TextField& field : kTexts) {
    const auto found = object.find(field.name);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    event.*field.text = found->get<std::string>();
  }
  return event;
}

std::string audit_hash(const AuditEvent& event) {
  return sha256_hex(event.previous_hash + one_line(without_hash(event)));
}

std::optional<ChainBreak> find_chain_break(const std::vector<AuditEvent>& events, long long from) {
  std::vector<const AuditEvent*> chain;
  for (const AuditEvent& event : events) chain.push_back(&event);
  std::sort(chain.begin(), chain.end(), [](const auto* a, const auto* b) { return a->number < b->number; });
  const AuditEvent* previous = nullptr;
  long long expected = from;
  for (const AuditEvent* event : chain) {
    if (event->number > expected) return ChainBreak{expected, missing(expected, event->number - 1)};
    if (event->number < expected) return ChainBreak{event->number, "its number stands there twice, or is too low"};
    if (event->hash != audit_hash(*event)) return ChainBreak{expected, "its text is not what was recorded"};
    const bool joins = previous ? event->previous_hash == previous->hash : from > 1 || event->previous_hash.empty();
    if (!joins) return ChainBreak{expected, "it does not follow the event before it"};
    previous = event;
    ++expected;
  }
  return std::nullopt;
}

}  // namespace martlet
