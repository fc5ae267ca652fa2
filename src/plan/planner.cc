#include "plan/planner.h"

#include "plan/file_plan.h"

namespace martlet {
namespace {

JudgeSettings judge_settings(const PlannerSettings& settings) {
  return {.dialect = Dialect::postgres,
          .severities = settings.severities,
          .max_block_ms = settings.max_block_ms,
          .new_tables = JudgeSettings::NewTables::of_all_files,
          .transactions = settings.transactions != PlannerSettings::Transactions::none,
          .other_parts = false,
          .placeholders = settings.placeholders};
}

}  // namespace

Planner::Planner(Catalog catalog, SessionState session, PlannerSettings settings) : settings_(std::move(settings)) {
  JudgeSettings judge = judge_settings(settings_);
  judge.judged = [this](const JudgedStatement& judged) { file_->take(judged); };
  judge_ = std::make_unique<Judge>(std::move(catalog), std::move(session), std::move(judge));
}

Planner::~Planner() = default;

std::vector<PlannedFile> Planner::plan(std::span<const Migration* const> migrations) {
  std::vector<PlannedFile> files;
  file_ = std::make_unique<File>(settings_);
  judge_->judge(migrations, [&](const Migration& migration, std::vector<HazardFinding> findings) {
    files.push_back(file_->finish(migration, std::move(findings)));
    file_ = std::make_unique<File>(settings_);
  });
  return files;
}

}  // namespace martlet
