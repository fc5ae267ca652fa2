#include "run/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/cancel.h"
#include "run/lock_retry.h"

namespace martlet {
namespace {

constexpr Milliseconds kReconnectTime{30'000};
constexpr long kReconnectPause = 250;

OpenOptions open_options(const RunSettings& settings) {
  OpenOptions options;
  options.application_name = settings.who.application;
  options.busy_timeout = settings.lock_wait;
  options.missing = settings.create_database ? OpenOptions::Missing::create : OpenOptions::Missing::refuse;
  return options;
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_case) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(), same) != text.end();
}

Request set_local(std::string_view setting, Milliseconds value) {
  return {fmt::format("SET LOCAL {} = {}", setting, value.count()), {}};
}

// What the server says about martlet's own tables is about statements that nobody wrote: it is told by its cause.
void explain(Error& error, const HistoryNames& names) {
  const bool read_only = error.sqlstate == "25006" || error.sqlstate.starts_with("SQLITE_READONLY");
  const bool not_permitted = error.sqlstate == "42501" && error.next_step.empty();
  if (!read_only && !not_permitted) return;
  error.kind = ErrorKind::connection;
  error.statement.clear();
  error.leaves("nothing was run");
  if (read_only) {
    error.message = "the database can only be read here: " + error.message;
    error.next("connect to the primary server, or to a file that may be written, as a role that may write");
  } else {
    error.message = fmt::format("this role may not use martlet's history ({}): {}", names.ledger, error.message);
    error.next("run as the role that owns the history, or grant this one what `martlet doctor` says is missing");
  }
}

}  // namespace

Session::Session(const RunSettings& run_settings)
    : settings(with_own_events(run_settings)),
      names(HistoryNames::make(run_settings.history, run_settings.url.dialect())),
      observer_(run_settings.url),
      helm_(observer_, names, run_settings.who.run_id, [this](const Event& event) { settings.emit(event); }),
      watch_(observer_, run_settings.lock_budget(), [this](const Event& event) { settings.emit(event); }),
      throttle_(run_settings.throttle, observer_, [this](const Event& event) { settings.emit(event); }) {
  watch_.also([this] { helm_.glance(); });
  const bool makes_server_database = settings.create_database && dialect() == Dialect::postgres;
  if (makes_server_database && !driver_for(settings.url).database_exists(settings.url)) {
    driver_for(settings.url).create_database(settings.url);
  }
  open();
}

Session::~Session() {
  helm_.end();
}

RunSettings Session::with_own_events(RunSettings theirs) {
  events_.subscribe([this, outer = theirs.events](const Event& event) {
    const std::lock_guard lock(telling_);
    helm_.note(event);
    if (outer) outer->emit(event);
  });
  theirs.events = &events_;
  return theirs;
}

void Session::open() {
  watch_.detach();
  connection_ = open_connection(settings.url, open_options(settings));
  connection_->on_notice([this](const Notice& notice) {
    settings.emit({.kind = EventKind::notice, .text = notice.severity + ": " + notice.message});
  });
  watch_.attach(*connection_, settings.who.application);
}

void Session::stand_by(const std::function<std::string()>& remains) {
  helm_.safe_point(remains);
  if (hold_) helm_.wait_while(RunPhase::paused, hold_, remains);
}

void Session::turn(const std::function<std::string()>& remains) {
  stand_by(remains);
  helm_.wait_while(
      RunPhase::throttled, [this] { return throttle_.reason(helm_.limits()); }, remains);
}

std::unique_ptr<Connection> Session::connect_another() const {
  return open_connection(settings.url, open_options(settings));
}

Lease::Options Session::lease_options() const {
  return {.wait = settings.wait_lease, .waiting = [this](const LeaseHolder& holder) {
            settings.emit({.kind = EventKind::waiting_for_lease, .text = holder.text()});
          }};
}

void Session::take_lease() {
  pooled_ = connection_->behind_pooler();
  if (pooled_) watch_.expect_pooler();
  if (pooled_) {
    settings.emit(
        {.kind = EventKind::notice,
         .text = "a transaction pooler stands before the server: one run at a time is kept by the lease row"});
  }
  try {
    retry_while_locked(*this, {}, [this] {
      if (!lease_) {
        bootstrap_history(*connection_, names, settings.history);
        lease_.emplace(Lease::acquire(*connection_, names, settings.who, lease_options()));
      }
      audit_.emplace(Audit::open(*connection_, names));
    });
    helm_.start();
  } catch (Error& error) {
    explain(error, names);
    throw;
  }
}

Ledger Session::read_ledger(Ledger::Detail detail) {
  try {
    return Ledger::read(*connection_, names, detail);
  } catch (Error& error) {
    explain(error, names);
    throw;
  }
}

void Session::keep_lease_after(std::string_view sql) {
  if (dialect() == Dialect::sqlite) return;
  const bool may_release = contains_ignoring_case(sql, "pg_advisory_unlock") || contains_ignoring_case(sql, "discard");
  if (may_release) lease_->check(*connection_);
}

void Session::reconnect() {
  const auto give_up = std::chrono::steady_clock::now() + kReconnectTime;
  for (;;) {
    try {
      open();
      Lease::Options options = lease_options();
      options.wait = std::max(options.wait, kReconnectTime);  // the lost session may still hold it for a moment
      lease_->reacquire(*connection_, options);
      audit_.emplace(Audit::open(*connection_, names));
      return;
    } catch (const Error& error) {
      const bool may_come_back = error.kind == ErrorKind::connection || dynamic_cast<const ConnectionLost*>(&error);
      if (!may_come_back || std::chrono::steady_clock::now() > give_up) throw;
      cancel::sleep_ms(kReconnectPause);
    }
  }
}

void Session::away_while(const std::function<void()>& work) {
  abandon();
  watch_.detach();
  audit_.reset();
  lease_.reset();
  connection_.reset();
  try {
    work();
  } catch (...) {
    come_back();
    throw;
  }
  come_back();
}

void Session::come_back() {
  open();
  Lease::Options options = lease_options();
  options.wait = std::max(options.wait, kReconnectTime);  // whoever has it by now may need a moment
  lease_.emplace(Lease::acquire(*connection_, names, settings.who, options));
  audit_.emplace(Audit::open(*connection_, names));
}

std::vector<Request> Session::begin(std::optional<Milliseconds> lock_wait,
                                    std::optional<Milliseconds> statement_timeout) const {
  if (dialect() == Dialect::sqlite) return {{"BEGIN IMMEDIATE", {}}, lease_->fence()};
  std::vector<Request> requests{{"BEGIN", {}}};
  for (Request& request : timeouts(lock_wait, statement_timeout)) requests.push_back(std::move(request));
  requests.push_back(lease_->fence());
  return requests;
}

std::vector<Request> Session::timeouts(std::optional<Milliseconds> lock_wait,
                                       std::optional<Milliseconds> statement_timeout) const {
  if (dialect() == Dialect::sqlite) return {};
  const Milliseconds limit = statement_timeout.value_or(settings.statement_timeout);
  Milliseconds wait = lock_wait.value_or(settings.lock_wait);
  if (lock_terms_) wait = std::max(wait, lock_terms_->wait);
  std::vector<Request> requests{set_local("lock_timeout", wait)};
  if (lock_terms_ && lock_terms_->deadlock_timeout) {
    requests.push_back(set_local("deadlock_timeout", *lock_terms_->deadlock_timeout));
  }
  if (limit.count() > 0) requests.push_back(set_local("statement_timeout", limit));
  return requests;
}

std::vector<Request> Session::reset() const {
  if (dialect() == Dialect::sqlite) return {};
  return {{"RESET SESSION AUTHORIZATION", {}}, {"RESET ROLE", {}}, {"RESET ALL", {}}};
}

void Session::commit(std::vector<Request> requests) {
  std::vector<Request> all = begin(std::nullopt, std::nullopt);
  for (Request& request : requests) all.push_back(std::move(request));
  all.push_back({"COMMIT", {}});
  try {
    connection_->pipeline(all, [](Completion&&) {});
  } catch (...) {
    abandon();
    throw;
  }
  audit_->confirm();
}

void Session::abandon() noexcept {
  connection_->rollback();
  if (audit_) audit_->rewind();
}

}  // namespace martlet
