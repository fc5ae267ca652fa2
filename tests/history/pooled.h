// A connection that says it goes through a transaction-mode pooler.
#pragma once

#include "db/connection.h"

namespace martlet {

class PooledConnection : public Connection {
 public:
  explicit PooledConnection(Connection& inner) : inner_(inner) {}

  Dialect dialect() const override { return inner_.dialect(); }
  int version() const override { return inner_.version(); }
  int backend_pid() const override { return inner_.backend_pid(); }
  bool behind_pooler() override { return true; }
  using Connection::execute;
  Result execute(const Request& request) override { return inner_.execute(request); }
  void pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) override {
    inner_.pipeline(requests, completed);
  }
  std::int64_t copy_in(std::string_view sql, std::string_view data) override { return inner_.copy_in(sql, data); }
  std::int64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& sink) override {
    return inner_.copy_out(sql, sink);
  }
  void cancel() override { inner_.cancel(); }
  void on_notice(std::function<void(const Notice&)> handler) override { inner_.on_notice(std::move(handler)); }
  void while_waiting(std::function<void(std::chrono::milliseconds)> callback) override {
    inner_.while_waiting(std::move(callback));
  }
  bool in_transaction() const override { return inner_.in_transaction(); }
  void rollback() noexcept override { inner_.rollback(); }

 private:
  Connection& inner_;
};

}  // namespace martlet
