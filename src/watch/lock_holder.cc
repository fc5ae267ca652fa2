#include "watch/lock_holder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace martlet {
namespace {

using enum LockMode;

constexpr std::array kModes{access_share, row_share,           row_exclusive, share_update_exclusive,
                            share,        share_row_exclusive, exclusive,     access_exclusive};

// All modes from this one on conflict with `mode`, but for SHARE, which goes with itself.
constexpr LockMode weakest_conflict(LockMode mode) {
  switch (mode) {
    case access_share:
      return access_exclusive;
    case row_share:
      return exclusive;
    case row_exclusive:
      return share;
    case share_update_exclusive:
      return share_update_exclusive;
    case share:
    case share_row_exclusive:
      return row_exclusive;
    case exclusive:
      return row_share;
    case access_exclusive:
      return access_share;
  }
  return access_share;
}

std::string pg_locks_name(LockMode mode) {
  return std::string(lock_name(mode)) + "Lock";
}

}  // namespace

std::vector<std::string> conflicting_modes(LockMode mode) {
  std::vector<std::string> modes;
  for (const LockMode other : kModes) {
    if (other < weakest_conflict(mode)) continue;
    if (mode == share && other == share) continue;
    modes.push_back(pg_locks_name(other));
  }
  return modes;
}

std::optional<LockMode> lock_mode_of(std::string_view name) {
  const auto found = std::find_if(kModes.begin(), kModes.end(), [&](LockMode m) { return pg_locks_name(m) == name; });
  return found == kModes.end() ? std::nullopt : std::optional(*found);
}

bool LockHolder::gives_way() const {
  return backend_type == "autovacuum worker" && query.find("(to prevent wraparound)") == std::string::npos;
}

std::string LockHolder::text() const {
  const std::string since = age ? " for " + show_duration(*age) : "";
  std::string who = fmt::format("pid {}", pid);
  if (!user.empty()) who += fmt::format(", user {}", user);
  if (!prepared.empty()) {
    return fmt::format("prepared transaction '{}'{}{} (COMMIT PREPARED or ROLLBACK PREPARED ends it)", prepared,
                       user.empty() ? "" : " of " + user, since);
  }
  if (!application.empty()) who += fmt::format(", application {}", application);
  if (!backend_type.empty() && backend_type != "client backend") who += ", " + backend_type;
  const bool queues = place == Place::queues;
  who += fmt::format(", {}{}", queues ? "itself waiting for the lock" : state.empty() ? "running" : state, since);
  return query.empty() ? who : who + ": " + query;
}

std::string text_of(std::span<const LockHolder> holders) {
  std::vector<std::string> lines;
  for (const LockHolder& holder : holders) lines.push_back(holder.text());
  return join(lines, "; ");
}

}  // namespace martlet
