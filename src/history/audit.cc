#include "history/audit.h"

#include <chrono>
#include <ctime>

#include "base/secret.h"
#include "history/audit_chain.h"
#include "history/time.h"
#include "history/values.h"

namespace martlet {
namespace {

long long monotonic_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

constexpr std::string_view kColumns =
    "event, migration, version_before, version_after, actor, role, host, ci, ticket, run_id, detail, duration_ms, "
    "previous_hash, hash";

}  // namespace

// The hash covers the time, so the time must be known before the row is sent: the server's clock is read once, and
// carried on by this machine's monotonic one.
Audit Audit::open(Connection& connection, const HistoryNames& names) {
  const bool postgres = names.dialect == Dialect::postgres;
  const std::string clock = postgres ? "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
                                     : "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
  const std::string role = postgres ? "session_user" : "''";
  const Result found =
      connection.execute("SELECT here.now, here.role, tail.number, tail.hash FROM (SELECT " + clock + " AS now, " +
                         role + " AS role) here LEFT JOIN (SELECT number, hash FROM " + names.audit +
                         " ORDER BY number DESC LIMIT 1) tail ON " + (postgres ? "true" : "1"));
  const Row& row = found.rows.at(0);
  Audit audit;
  audit.names_ = names;
  audit.clock_offset_ms_ = number_of(row[0]) - monotonic_ms();
  audit.role_ = text_of(row[1]);
  audit.number_ = audit.confirmed_number_ = number_of(row[2]);
  audit.hash_ = audit.confirmed_hash_ = text_of(row[3]);
  return audit;
}

Request Audit::append(AuditEvent event, const Identity& who) {
  event.number = ++number_;
  event.at = iso_from_ms(clock_offset_ms_ + monotonic_ms());
  event.actor = who.actor;
  event.role = role_;
  event.host = who.host;
  event.ci = who.ci;
  event.ticket = event.ticket.empty() ? who.ticket : event.ticket;
  event.run_id = who.run_id;
  event.detail = mask_passwords(event.detail);
  event.previous_hash = hash_;
  hash_ = event.hash = audit_hash(event);
  return {"INSERT INTO " + names_.audit + " (number, at, " + std::string(kColumns) +
              ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
          {std::to_string(event.number), event.at, event.event, event.migration, event.version_before,
           event.version_after, event.actor, event.role, event.host, event.ci, event.ticket, event.run_id, event.detail,
           std::to_string(event.duration_ms), event.previous_hash, event.hash}};
}

void Audit::rewind() {
  number_ = confirmed_number_;
  hash_ = confirmed_hash_;
}

void Audit::confirm() {
  confirmed_number_ = number_;
  confirmed_hash_ = hash_;
}

std::vector<AuditEvent> Audit::read(Connection& connection, const HistoryNames& names) {
  const Result found = connection.execute("SELECT number, " + names.iso("at") + ", " + std::string(kColumns) +
                                          " FROM " + names.audit + " ORDER BY number DESC");
  std::vector<AuditEvent> events;
  events.reserve(found.rows.size());
  for (const Row& row : found.rows) {
    events.push_back({number_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3]), text_of(row[4]),
                      text_of(row[5]), text_of(row[6]), text_of(row[7]), text_of(row[8]), text_of(row[9]),
                      text_of(row[10]), text_of(row[11]), text_of(row[12]), number_of(row[13]), text_of(row[14]),
                      text_of(row[15])});
  }
  return events;
}

long long Audit::first_broken(const std::vector<AuditEvent>& events) {
  const auto broken = find_chain_break(events);
  return broken ? broken->number : 0;
}

}  // namespace martlet
