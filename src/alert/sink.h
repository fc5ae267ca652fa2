// Where alerts go: a kind of place is one file that registers itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alert/alert.h"
#include "base/registry.h"
#include "config/config.h"

namespace martlet {

/// How long one attempt to deliver may take, and who may end it.
struct DeliveryLimits {
  Milliseconds timeout{10'000};
  std::function<bool()> stop = [] { return false; };
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// For people, with nothing secret in it: "https://hooks.example.com", "the file alerts.jsonl".
  virtual std::string where() const = 0;
  /// Delivers it, or throws: Error{connection} where another attempt may go better, another kind where none will.
  virtual void send(const Alert& alert, const DeliveryLimits& limits) = 0;
};

struct SinkKind {
  std::string_view id;  // "webhook"
  std::string_view help;
  std::vector<std::string_view> needs;  // keys of [[sink]] that it must have
  std::vector<std::string_view> takes;  // and those that it may have, beside name, kind and timeout
  /// Throws Error{usage} at the place of what is wrong with a value.
  std::unique_ptr<Sink> (*make)(const ConfigRecord& record);
};

/// Makes the sink of a [[sink]]. Throws Error{usage} at its place for an unknown kind (nearest named), a key that is
/// not for this kind, one that is missing, and what the kind itself refuses.
std::unique_ptr<Sink> make_sink(const ConfigRecord& record);

}  // namespace martlet
