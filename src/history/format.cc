#include "history/format.h"

#include "base/error.h"

namespace martlet {

void refuse_newer_format(int found, const std::string& written_by) {
  if (found <= kHistoryFormat) return;
  throw Error(ErrorKind::validation, "the ledger has format " + std::to_string(found) + ", written by martlet " +
                                         written_by + "; this is martlet " MARTLET_VERSION ", which knows format " +
                                         std::to_string(kHistoryFormat))
      .leaves("nothing was changed")
      .next("use martlet " + written_by + " or later on this database");
}

}  // namespace martlet
