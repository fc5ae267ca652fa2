#include "db/postgres/canceller.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace martlet::postgres {

// Shared with the thread that delivers a request: PQcancel connects anew and blocks, and may outlive the session.
struct Canceller::Shared {
  explicit Shared(PGcancel* cancel_handle) : handle(cancel_handle) {}
  ~Shared() { PQfreeCancel(handle); }

  PGcancel* handle;
  std::mutex mutex;
  std::condition_variable delivered;
  bool running = false;
  bool sent = false;
  bool on_its_way = false;
};

Canceller::Canceller(PGconn* connection) : shared_(std::make_shared<Shared>(PQgetCancel(connection))) {}

Canceller::~Canceller() = default;

void Canceller::begin() {
  const std::lock_guard lock(shared_->mutex);
  shared_->running = true;
  shared_->sent = false;
}

void Canceller::send() {
  const std::lock_guard lock(shared_->mutex);
  if (!shared_->running || shared_->sent || !shared_->handle) return;
  shared_->sent = true;
  shared_->on_its_way = true;
  std::thread([shared = shared_] {
    std::array<char, 256> reason;
    PQcancel(shared->handle, reason.data(), static_cast<int>(reason.size()));
    const std::lock_guard guard(shared->mutex);
    shared->on_its_way = false;
    shared->delivered.notify_all();
  }).detach();
}

bool Canceller::sent() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->sent;
}

void Canceller::end() {
  std::unique_lock lock(shared_->mutex);
  shared_->running = false;
  shared_->delivered.wait_for(lock, std::chrono::seconds(5), [this] { return !shared_->on_its_way; });
}

}  // namespace martlet::postgres
