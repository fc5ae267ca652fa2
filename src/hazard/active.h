// Which hazards are asked, and how severe each is: the registry and the configuration together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

/// "off", "info", "warning", "error".
std::string_view severity_word(Hazard::Severity severity);
std::optional<Hazard::Severity> severity_of_word(std::string_view word);

/// A hazard that is switched on.
struct ActiveHazard {
  const Hazard* hazard;
  Finding::Severity severity;
};

/// The hazards of a dialect that are switched on, by the kinds of statements they look at.
class ActiveHazards {
 public:
  /// `severities` by id, on top of the hazards' own. Throws Error{usage} for an id that no hazard has, naming the
  /// nearest.
  ActiveHazards(Dialect dialect, const std::map<std::string, Hazard::Severity>& severities);

  /// Those that look at this kind of statement; nullptr = one that did not parse.
  const std::vector<ActiveHazard>& of(const Node* node) const;
  const std::vector<ActiveHazard>& all() const { return all_; }
  const ActiveHazard* find(std::string_view id) const;

 private:
  std::vector<ActiveHazard> all_;
  std::vector<ActiveHazard> unselective_;           // that look at every statement
  std::vector<std::vector<ActiveHazard>> by_kind_;  // by node_case; each with the unselective ones
};

/// Throws Error{usage} where no hazard has this id; `place` is where it was written.
void require_hazard(std::string_view id, const Place& place = {});
/// "did you mean …?", or how to see all of them.
std::string nearest_hazard(std::string_view id);

}  // namespace martlet
