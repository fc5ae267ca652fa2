#include "alert/delivery.h"

#include <fmt/format.h>
#include <signal.h>

#include "base/secret.h"

namespace martlet {

Delivery::Delivery(std::string name, std::shared_ptr<Sink> sink, DeliveryTerms terms)
    : name_(std::move(name)), sink_(std::move(sink)), terms_(terms) {}

Delivery::~Delivery() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Delivery::put(Alert alert) {
  const std::lock_guard lock(mutex_);
  if (queue_.size() >= terms_.queue) {
    failures_.push_back(
        fmt::format("sink {}: an alert was given up, too many wait: {}", name_, queue_.front().title()));
    queue_.pop_front();
  }
  queue_.push_back(std::move(alert));
  if (!thread_.joinable()) {
    // Ctrl-C is for the thread that works: this one must not swallow it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    thread_ = std::thread([this] { work(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  changed_.notify_all();
}

bool Delivery::wait_until(Clock::time_point then) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, then, [this] { return queue_.empty() && !busy_; });
}

std::vector<std::string> Delivery::take_failures() {
  const std::lock_guard lock(mutex_);
  return std::exchange(failures_, {});
}

std::string Delivery::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Delivery::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
    if (stopped_) return;
    const Alert alert = std::move(queue_.front());
    queue_.pop_front();
    busy_ = true;
    lock.unlock();
    deliver(alert);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void Delivery::deliver(const Alert& alert) {
  const Clock::time_point until = Clock::now() + terms_.give_up;
  bool again = true;
  for (Milliseconds wait = terms_.first_pause; !attempt(alert, again);
       wait = std::min(2 * wait, terms_.longest_pause)) {
    if (!again || Clock::now() + wait > until) return fail(alert.title());
    if (!pause(wait)) return;
  }
}

// Whether it is delivered; `again` says whether another attempt makes sense.
bool Delivery::attempt(const Alert& alert, bool& again) {
  std::string why;
  try {
    sink_->send(alert, {.timeout = terms_.attempt, .stop = [this] {
                          const std::lock_guard lock(mutex_);
                          return stopped_;
                        }});
    const std::lock_guard lock(mutex_);
    trouble_.clear();
    return true;
  } catch (const Error& error) {
    again = error.kind == ErrorKind::connection;
    why = error.message;
    if (!error.next_step.empty()) why += "; " + error.next_step;
  } catch (const std::exception& problem) {
    again = false;
    why = problem.what();
  }
  const std::lock_guard lock(mutex_);
  trouble_ = mask_passwords(why);
  return false;
}

// False where it is over.
bool Delivery::pause(Milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return stopped_; });
}

void Delivery::fail(const std::string& title) {
  const std::lock_guard lock(mutex_);
  failures_.push_back(fmt::format("sink {}: the alert \"{}\" was not delivered: {}", name_, title, trouble_));
}

}  // namespace martlet
