// `-- martlet:allow HAZARD "reason"`: which findings it silences, and which of them silence nothing.
#pragma once

#include <string>
#include <vector>

#include "hazard/active.h"
#include "hazard/hazard.h"

namespace martlet {

/// Where a statement stands in its file.
struct StatementLines {
  Place first;
  int last_line = 0;
};

/// An allow belongs to the statement that comes next (or that it stands in). In the head of a file, with an empty line
/// between it and the first statement, it belongs to the whole file, down part included. What concerns no statement in
/// particular is silenced by any allow above the first one.
class Suppressions {
 public:
  /// `statements`: of all parts of the migration, in the order of the text.
  Suppressions(const Migration& migration, std::vector<StatementLines> statements);

  /// Takes out what is allowed; returns how many that were.
  std::size_t apply(std::vector<HazardFinding>& findings);
  /// After apply(): allows of hazards that do not exist ("unknown-hazard"), and that silenced nothing ("unused-allow"),
  /// each where that hazard is switched on. An allow of a hazard that is switched off is left alone.
  std::vector<HazardFinding> complaints(const ActiveHazards& active) const;

 private:
  struct Allow {
    std::string hazard;
    Place place;
    bool whole_file = false;
    bool in_head = false;
    Place statement;  // that it belongs to; line 0 = none
    bool used = false;
  };
  Allow read(const Migration& migration, const Directive& directive, const std::vector<StatementLines>& statements);
  static bool covers(const Allow& allow, const HazardFinding& finding);

  std::vector<Allow> allows_;
};

}  // namespace martlet
