#include "alert/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace martlet {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const AlertRules::Time kStart{};

AlertRule rule(std::string_view trigger, std::optional<Milliseconds> over = {}) {
  const AlertTrigger& found = find_trigger(trigger);
  return {&found, over.value_or(found.over), {"ops"}};
}

std::vector<std::string> names(const std::vector<AlertRules::Fired>& fired) {
  std::vector<std::string> found;
  for (const AlertRules::Fired& each : fired) found.emplace_back(each.rule->trigger->id);
  return found;
}

Event event(EventKind kind, std::string text = "") {
  return {.kind = kind, .text = std::move(text)};
}

TEST(AlertRules, ARunThatTakesLongIsToldWhileItRunsAndOnce) {
  AlertRules rules({rule("duration")});
  EXPECT_THAT(rules.note(event(EventKind::run_started), kStart), IsEmpty());
  EXPECT_EQ(rules.due(), kStart + minutes(5));
  EXPECT_THAT(rules.look(kStart + minutes(5) - Milliseconds(1)), IsEmpty());
  EXPECT_THAT(names(rules.look(kStart + minutes(5))), ElementsAre("duration"));
  EXPECT_THAT(rules.look(kStart + minutes(50)), IsEmpty());
  EXPECT_FALSE(rules.due());
}

TEST(AlertRules, ARunThatEndedInTimeIsNotTold) {
  AlertRules rules({rule("duration", minutes(1))});
  for (const EventKind end : {EventKind::run_finished, EventKind::migration_failed}) {
    rules.note(event(EventKind::run_started), kStart);
    EXPECT_THAT(rules.note(event(end), kStart + seconds(59)), IsEmpty());
    EXPECT_FALSE(rules.due());
    EXPECT_THAT(rules.look(kStart + minutes(9)), IsEmpty());
  }
}

TEST(AlertRules, WhatWasDueWhenItEndedIsToldAllTheSame) {
  AlertRules rules({rule("duration", minutes(1))});
  rules.note(event(EventKind::run_started), kStart);
  EXPECT_THAT(names(rules.note(event(EventKind::run_finished), kStart + seconds(61))), ElementsAre("duration"));
}

TEST(AlertRules, AWaitGoesOnThroughRepetitionsAndBeginsAgainAfterProgress) {
  AlertRules rules({rule("lock_wait", seconds(10))});
  rules.note(event(EventKind::waiting_for_lock, "report"), kStart);
  EXPECT_THAT(rules.note(event(EventKind::retrying), kStart + seconds(9)), IsEmpty());
  const auto fired = rules.look(kStart + seconds(10));
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_EQ(fired[0].event.text, "report");
  EXPECT_THAT(rules.note(event(EventKind::retrying), kStart + seconds(30)), IsEmpty());
  rules.note(event(EventKind::statement_finished), kStart + seconds(31));
  rules.note(event(EventKind::waiting_for_lock, "another"), kStart + seconds(40));
  EXPECT_EQ(rules.due(), kStart + seconds(50));
}

TEST(AlertRules, EventsOfTheirOwnFireAtOnceEachTime) {
  AlertRules rules({rule("failed"), rule("gate"), rule("rollback")});
  EXPECT_THAT(names(rules.note(event(EventKind::migration_failed), kStart)), ElementsAre("failed"));
  EXPECT_THAT(names(rules.note(event(EventKind::gate_failed, "p95"), kStart)), ElementsAre("gate"));
  EXPECT_THAT(names(rules.note(event(EventKind::gate_failed, "lag"), kStart)), ElementsAre("gate"));
  EXPECT_THAT(names(rules.note(event(EventKind::rolled_back, "V007"), kStart)), ElementsAre("rollback"));
  EXPECT_THAT(names(rules.note(event(EventKind::rollback_refused, "V006"), kStart)), ElementsAre("rollback"));
  EXPECT_THAT(rules.note(event(EventKind::run_finished), kStart), IsEmpty());
}

TEST(AlertRules, TheSameIsNotToldAgainForAWhile) {
  AlertRules rules({rule("gate")});
  EXPECT_THAT(names(rules.note(event(EventKind::gate_failed, "p95"), kStart)), ElementsAre("gate"));
  EXPECT_THAT(rules.note(event(EventKind::gate_failed, "p95"), kStart + minutes(5) - seconds(1)), IsEmpty());
  EXPECT_THAT(names(rules.note(event(EventKind::gate_failed, "p95"), kStart + minutes(5))), ElementsAre("gate"));
}

TEST(AlertRules, NoTimeAtAllIsAtOnce) {
  AlertRules rules({rule("lock_wait", Milliseconds(0))});
  EXPECT_THAT(names(rules.note(event(EventKind::waiting_for_lock), kStart)), ElementsAre("lock_wait"));
  EXPECT_THAT(rules.note(event(EventKind::waiting_for_lock), kStart + seconds(1)), IsEmpty()) << "it is the same wait";
}

TEST(AlertRules, EachTriggerHasItsEvent) {
  const std::map<std::string_view, EventKind> begins{{"started", EventKind::run_started},
                                                     {"succeeded", EventKind::run_finished},
                                                     {"failed", EventKind::migration_failed},
                                                     {"duration", EventKind::run_started},
                                                     {"lock_wait", EventKind::waiting_for_lock},
                                                     {"lease_wait", EventKind::waiting_for_lease},
                                                     {"gate", EventKind::gate_failed},
                                                     {"integrity", EventKind::integrity_violated},
                                                     {"rollback", EventKind::rolled_back},
                                                     {"backup", EventKind::backup_failed},
                                                     {"restore", EventKind::restored},
                                                     {"override", EventKind::overridden},
                                                     {"paused", EventKind::paused},
                                                     {"migration_duration", EventKind::migration_started}};
  for (const AlertTrigger* trigger : Registry<AlertTrigger>::all()) {
    ASSERT_TRUE(begins.contains(trigger->id)) << trigger->id;
    EXPECT_TRUE(trigger->begins(event(begins.at(trigger->id)))) << trigger->id;
    EXPECT_FALSE(trigger->begins(event(EventKind::notice))) << trigger->id;
    EXPECT_EQ(trigger->ends != nullptr, trigger->over.count() > 0) << trigger->id;
  }
}

TEST(Triggers, AMisspelledOneIsNamed) {
  try {
    find_trigger("rolback");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.next_step, "did you mean rollback?");
  }
}

}  // namespace
}  // namespace martlet
