// [[gate]] tables → gates, with everything checked that can be checked before anything is measured.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "config/config.h"
#include "gate/kind.h"

namespace martlet {
namespace {

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const BuiltinGate* builtin : Registry<BuiltinGate>::all()) names.emplace_back(builtin->id);
  return names;
}

const BuiltinGate& find_builtin(const ConfigRecord& record, const Gate& gate) {
  if (const BuiltinGate* builtin = Registry<BuiltinGate>::find(gate.check)) return *builtin;
  const std::string_view key = record.is_set("check") ? "check" : "name";
  const auto meant = nearest(gate.check, builtin_names());
  Error error = record.wrong(key, fmt::format("there is no builtin gate \"{}\"", gate.check));
  throw error.next(meant ? fmt::format("did you mean {}?", *meant)
                         : "`martlet gates list` shows them; another kind of gate needs `kind`");
}

std::optional<Expression> read_expression(const ConfigRecord& record, std::string_view key) {
  if (!record.is_set(key)) return std::nullopt;
  try {
    return Expression::parse(record.text(key));
  } catch (Error& error) {
    error.message = fmt::format("{} of gate \"{}\": {}", key, record.text("name"), error.message);
    throw error.at(record.place_of(key));
  }
}

std::set<GateMoment> read_moments(const ConfigRecord& record) {
  std::set<GateMoment> moments;
  for (const std::string& word : split_list(record.text("when"))) {
    if (word == "before") {
      moments.insert(GateMoment::before);
    } else if (word == "during") {
      moments.insert(GateMoment::during);
    } else if (word == "after") {
      moments.insert(GateMoment::after);
    } else {
      throw record.wrong("when", fmt::format("when is \"{}\", but must be before, during or after", word))
          .next("several are written as a list: when = [\"before\", \"after\"]");
    }
  }
  return moments;
}

GateAction read_action(const std::string& word) {
  if (word == "pause") return GateAction::pause;
  return word == "rollback" ? GateAction::rollback : GateAction::abort;
}

GateState read_state(const std::string& word) {
  if (word == "pass") return GateState::pass;
  return word == "fail" ? GateState::fail : GateState::inconclusive;
}

void at_least(const ConfigRecord& record, std::string_view key, long least) {
  if (record.number(key) >= least) return;
  throw record.wrong(key, fmt::format("{} of gate \"{}\" is {}, but must be at least {}", key, record.text("name"),
                                      record.number(key), least));
}

void longer_than_nothing(const ConfigRecord& record, std::string_view key) {
  if (record.duration(key).count() > 0) return;
  throw record.wrong(key, fmt::format("{} of gate \"{}\" must be longer than 0", key, record.text("name")));
}

bool among(std::string_view word, const std::vector<std::string_view>& words) {
  return std::ranges::find(words, word) != words.end();
}

// A key that this kind of gate never reads is a mistake that would otherwise show as a gate that always passes.
void check_keys(const ConfigRecord& record, std::string_view kind, const std::vector<std::string_view>& needs,
                const std::vector<std::string_view>& takes) {
  const std::string name = record.text("name");
  for (const std::string_view key : needs) {
    if (record.is_set(key)) continue;
    throw record.wrong(key, fmt::format("gate \"{}\" is of kind {}, which needs `{}`", name, kind, key));
  }
  for (const std::string_view key : {"query", "url", "header", "json", "command", "table", "index", "check"}) {
    if (!record.is_set(key) || among(key, needs) || among(key, takes)) continue;
    throw record.wrong(key, fmt::format("gate \"{}\" is of kind {}, which takes no `{}`", name, kind, key))
        .next("remove it, or choose the `kind` that it belongs to");
  }
}

void read_texts(const ConfigRecord& record, Gate& gate) {
  gate.query = record.text("query");
  gate.url = record.text("url");
  gate.header = record.text("header");
  gate.json = record.text("json");
  gate.command = record.text("command");
  gate.table = record.text("table");
  gate.index = record.text("index");
}

void read_numbers(const ConfigRecord& record, Gate& gate) {
  at_least(record, "count", 1);
  at_least(record, "failure_limit", 0);
  at_least(record, "error_limit", 0);
  for (const std::string_view key : {"interval", "timeout", "pause_limit"}) longer_than_nothing(record, key);
  gate.count = record.number("count");
  gate.failure_limit = record.number("failure_limit");
  gate.error_limit = record.number("error_limit");
  gate.interval = record.duration("interval");
  gate.timeout = record.duration("timeout");
  gate.pause_limit = record.duration("pause_limit");
  gate.watch_after = record.duration("watch_after");
}

std::optional<Expression> expression_or(std::optional<Expression> own, std::string_view text, bool replaced) {
  if (own || text.empty() || replaced) return own;
  return Expression::parse(text);
}

void complete_builtin(const ConfigRecord& record, Gate& gate) {
  gate.check = record.is_set("check") ? record.text("check") : gate.name;
  const BuiltinGate& builtin = find_builtin(record, gate);
  std::vector<std::string_view> takes = builtin.takes;
  takes.emplace_back("check");
  check_keys(record, fmt::format("builtin {}", builtin.id), builtin.needs, takes);
  const bool replaced = gate.success || gate.failure;
  gate.success = expression_or(std::move(gate.success), builtin.success, replaced);
  gate.failure = expression_or(std::move(gate.failure), builtin.failure, replaced);
}

void complete_other(const ConfigRecord& record, const GateKind& kind, Gate& gate) {
  check_keys(record, kind.id, kind.needs, kind.takes);
  if (gate.success || gate.failure) return;
  if (kind.success.empty()) {
    throw record
        .wrong("success", fmt::format("gate \"{}\" says neither what is success nor what is failure", gate.name))
        .next("add something like success = \"value < 250\"");
  }
  gate.success = Expression::parse(kind.success);
}

Gate read_gate(const ConfigRecord& record) {
  Gate gate{.name = record.text("name"), .kind = record.text("kind"), .place = record.place};
  if (gate.name.empty()) throw record.wrong("name", "a gate needs a `name`");
  read_texts(record, gate);
  read_numbers(record, gate);
  gate.when = read_moments(record);
  if (gate.when.empty()) throw record.wrong("when", "a gate needs a `when`: before, during or after");
  if (gate.watch_after.count() > 0) gate.when.insert(GateMoment::after);
  gate.on_failure = read_action(record.text("on_failure"));
  gate.on_inconclusive = read_action(record.text("on_inconclusive"));
  gate.no_data = read_state(record.text("no_data"));
  gate.success = read_expression(record, "success");
  gate.failure = read_expression(record, "failure");
  if (gate.kind == "builtin") {
    complete_builtin(record, gate);
  } else {
    complete_other(record, *Registry<GateKind>::find(gate.kind), gate);
  }
  return gate;
}

}  // namespace

std::vector<Gate> read_gates(const Config& config) {
  std::vector<Gate> gates;
  for (const ConfigRecord& record : config.records("gate")) {
    Gate gate = read_gate(record);
    const auto same = std::ranges::find(gates, gate.name, &Gate::name);
    if (same != gates.end()) {
      throw record.wrong("name",
                         fmt::format("there are two gates \"{}\": the other is at {}", gate.name, same->place.text()));
    }
    gates.push_back(std::move(gate));
  }
  return gates;
}

}  // namespace martlet
