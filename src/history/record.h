// What every write to martlet's tables has in common.
#pragma once

#include <string>

#include "base/error.h"
#include "history/names.h"

namespace martlet {

/// The epoch of the lease row while the run in `parameter` ("$7") holds it, else NULL, which the NOT NULL columns
/// refuse. PostgreSQL: keeps the row locked, so that a takeover waits for this transaction to end.
std::string held_epoch(const HistoryNames& names, const std::string& parameter);

/// True for the error of a write (or of Lease::fence) of a run whose lease is another run's by now.
bool is_lease_lost(const Error& error);

/// That error in words for people.
Error explain_lease_lost(const Error& cause);

}  // namespace martlet
