// The time in which a statement of a session is under way.
#pragma once

#include "db/postgres/connection.h"

namespace martlet::postgres {

/// From the sending of a statement to its last answer; whatever leaves early leaves a usable session behind.
class PgConnection::Running {
 public:
  Running(PgConnection& session, Interrupts interrupts) : session_(session) {
    session_.interrupts_ = interrupts;
    session_.started_ = session_.called_back_ = Clock::now();
    session_.canceller_.begin();
  }
  ~Running() {
    if (PQtransactionStatus(session_.connection_.get()) == PQTRANS_ACTIVE ||
        PQpipelineStatus(session_.connection_.get()) != PQ_PIPELINE_OFF) {
      session_.abandon();
    }
    session_.canceller_.end();
    session_.interrupts_ = Interrupts::obeyed;
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  PgConnection& session_;
};

}  // namespace martlet::postgres
