#include "run/job.h"

namespace martlet {

std::string_view job_word(const Job& job) {
  if (job.direction == Direction::up && job.phase != Phase::expand) return phase_name(job.phase);
  if (job.direction == Direction::up && job.planned && job.planned->has_later()) return phase_name(Phase::expand);
  return direction_name(job.direction);
}

}  // namespace martlet
