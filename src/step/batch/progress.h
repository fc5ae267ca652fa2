// How far a batched change got: what its journal entry holds.
#pragma once

#include <string>
#include <vector>

#include "recipe/batch.h"
#include "step/batch/statements.h"
#include "step/cursor.h"

namespace martlet {

/// A part of the table that one worker at a time goes through.
struct BatchRange {
  RowKey from;        // its rows stand behind this key; empty = from the first row on
  RowKey until;       // up to and with this one; empty = to the last
  RowKey after;       // done so far, of this pass; empty = nothing
  bool done = false;  // of this pass
  long long changed = 0;

  std::string to_json() const;
  static BatchRange from_json(const std::string& text);
};

/// A row that could not be changed, and was left as it is.
struct SkippedRow {
  RowKey key;
  std::string why;
};

struct BatchProgress {
  BatchChange change;
  std::vector<BatchRange> ranges;
  std::vector<SkippedRow> skipped;
  int pass = 1;
  long long changed_before = 0;  // by earlier passes

  long long changed() const;
  bool has_skipped(const RowKey& key) const;
  /// Begins the next pass through the same ranges.
  void begin_pass();

  /// The whole, as the journal's cursor of a step of kind "batched"; and back. Throws Error{partial} where it is none.
  Cursor cursor() const;
  static BatchProgress from_cursor(const Cursor& cursor);

  // The parts of the cursor that change, each under a name of its own: workers write theirs without each other's.
  static std::string range_name(std::size_t index);
  static std::string skipped_name(std::size_t index);
  static std::string to_json(const SkippedRow& row);
};

}  // namespace martlet
