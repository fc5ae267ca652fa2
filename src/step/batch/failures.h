// What a failed batch means.
#pragma once

#include "base/error.h"
#include "recipe/batch.h"
#include "step/batch/progress.h"

namespace martlet {

/// It may succeed when it is tried again: a deadlock, a serialization failure, a row that another session has locked.
bool is_passing(const Error& error);
/// It is about a value of a row (PostgreSQL's classes 22, 23, and what triggers raise), or one row fewer may help.
bool is_about_rows(const Error& error);

/// That policies hide rows, in words for people; any other error as it is.
Error explain_policies(Error error, const BatchChange& change);
/// A row that cannot be changed, with those that were left out before it.
Error row_failed(const Error& cause, const BatchChange& change, const RowKey& key,
                 const std::vector<SkippedRow>& skipped);

}  // namespace martlet
