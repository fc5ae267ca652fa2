#include "plan/transactions.h"

#include <algorithm>

#include "plan/budget.h"
#include "sql/nodes.h"
#include "sql/session_setting.h"

namespace martlet {
namespace {

/// The transaction that statements as written are being put into.
class Open {
 public:
  explicit Open(double max_block_ms) : max_block_ms_(max_block_ms) {}

  bool is_open() const { return number_ != 0; }
  bool has_room_for(const PlannedStep& step) const { return !blocks_ || hold_ + hold_ms(step) <= max_block_ms_; }
  void add(PlannedStep& step) {
    step.transaction = number_;
    blocks_ = blocks_ || blocks_others(step);
    if (blocks_) hold_ += hold_ms(step);
  }
  void begin(int number) { *this = Open(max_block_ms_, number); }
  void end() { number_ = 0; }

 private:
  Open(double max_block_ms, int number) : max_block_ms_(max_block_ms), number_(number) {}
  double max_block_ms_;
  int number_ = 0;
  bool blocks_ = false;
  double hold_ = 0;
};

}  // namespace

bool needs_its_transaction(const Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return statement.variable_set_stmt->is_local != 0;
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
    case PG_QUERY__NODE__NODE_LOCK_STMT:
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
      return true;
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return statement.create_stmt->oncommit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP;
    default:
      return false;
  }
}

void number_transactions(std::vector<PlannedStep>& steps, const Sharing& sharing) {
  Open open(sharing.max_block_ms);
  int last = 0;
  const PlannedStep* joined = nullptr;  // the step of a recipe before this one
  int recipe_number = 0;                // its number in the recipe
  for (PlannedStep& step : steps) {
    // What sets the session stands outside of transactions: a resumed run does it again.
    if (!step.traits.transactional() || step.batch || sets_session(step.statement, Dialect::postgres)) {
      open.end();
      joined = nullptr;
      step.transaction = 0;
    } else if (!step.recipe.empty()) {
      open.end();
      const bool joins =
          joined && joined->source == step.source && step.transaction && step.transaction == recipe_number;
      recipe_number = step.transaction;
      step.transaction = joins ? last : ++last;
      joined = &step;
    } else {
      joined = nullptr;
      const bool may_part = step.source < sharing.bound;
      const bool parts = sharing.of == Sharing::Of::nothing || !open.has_room_for(step);
      if (!open.is_open() || (may_part && parts)) open.begin(++last);
      open.add(step);
    }
  }
}

double hold_of_all(const std::vector<PlannedStep>& steps) {
  const auto first = std::ranges::find_if(steps, blocks_others);
  double hold = 0;
  for (auto each = first; each != steps.end(); ++each) hold += hold_ms(*each);
  return hold;
}

}  // namespace martlet
