#include "alert/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace martlet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Fails as often as it is told; holds the thread until it is let go, or the delivery ends.
struct FakeSink final : Sink {
  std::string where() const override { return "a fake"; }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    ++attempts;
    while (held && !limits.stop()) std::this_thread::sleep_for(milliseconds(1));
    if (failures > 0) {
      --failures;
      throw Error(kind, "said no").next("look there");
    }
    const std::lock_guard lock(mutex);
    sent.push_back(alert.text);
  }
  std::vector<std::string> texts() const {
    const std::lock_guard lock(mutex);
    return sent;
  }

  std::atomic<int> attempts = 0, failures = 0;
  std::atomic<bool> held = false;
  ErrorKind kind = ErrorKind::connection;
  mutable std::mutex mutex;
  std::vector<std::string> sent;
};

const DeliveryTerms kQuick{.queue = 3, .first_pause = milliseconds(1), .longest_pause = milliseconds(4)};

Alert alert(std::string text) {
  return {.what = text, .text = text};
}

Delivery::Clock::time_point in(seconds length) {
  return Delivery::Clock::now() + length;
}

TEST(Delivery, KeepsTheOrder) {
  const auto sink = std::make_shared<FakeSink>();
  Delivery delivery("ops", sink, kQuick);
  for (const char* text : {"a", "b", "c"}) delivery.put(alert(text));
  EXPECT_TRUE(delivery.wait_until(in(seconds(30))));
  EXPECT_THAT(sink->texts(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(delivery.take_failures(), IsEmpty());
}

TEST(Delivery, TriesAgainUntilItArrives) {
  const auto sink = std::make_shared<FakeSink>();
  sink->failures = 4;
  Delivery delivery("ops", sink, kQuick);
  delivery.put(alert("a"));
  EXPECT_TRUE(delivery.wait_until(in(seconds(30))));
  EXPECT_EQ(sink->attempts, 5);
  EXPECT_THAT(sink->texts(), ElementsAre("a"));
  EXPECT_EQ(delivery.trouble(), "");
  EXPECT_THAT(delivery.take_failures(), IsEmpty());
}

TEST(Delivery, WhatNoAttemptWouldMendIsGivenUpAtOnceAndSaid) {
  const auto sink = std::make_shared<FakeSink>();
  sink->failures = 1;
  sink->kind = ErrorKind::refused;
  Delivery delivery("ops", sink, kQuick);
  delivery.put(alert("a"));
  delivery.put(alert("b"));
  EXPECT_TRUE(delivery.wait_until(in(seconds(30))));
  EXPECT_EQ(sink->attempts, 2);
  EXPECT_THAT(sink->texts(), ElementsAre("b"));
  EXPECT_THAT(delivery.take_failures(),
              ElementsAre(AllOf(HasSubstr("sink ops"), HasSubstr("\"a\""), HasSubstr("said no; look there"))));
  EXPECT_THAT(delivery.take_failures(), IsEmpty()) << "it was said";
}

TEST(Delivery, AttemptsEnd) {
  const auto sink = std::make_shared<FakeSink>();
  sink->failures = 1'000'000;
  DeliveryTerms terms = kQuick;
  terms.give_up = milliseconds(30);
  Delivery delivery("ops", sink, terms);
  delivery.put(alert("a"));
  EXPECT_TRUE(delivery.wait_until(in(seconds(30))));
  EXPECT_THAT(delivery.take_failures(), SizeIs(1));
}

TEST(Delivery, NeverWaitsForASinkThatHangsAndKeepsTheNewest) {
  const auto sink = std::make_shared<FakeSink>();
  sink->held = true;
  Delivery delivery("ops", sink, kQuick);
  delivery.put(alert("a"));
  while (sink->attempts == 0) std::this_thread::yield();
  for (const char* text : {"b", "c", "d", "e"}) delivery.put(alert(text));
  EXPECT_FALSE(delivery.wait_until(Delivery::Clock::now()));
  EXPECT_THAT(delivery.take_failures(), ElementsAre(HasSubstr("given up, too many wait: b")));
  sink->held = false;
  EXPECT_TRUE(delivery.wait_until(in(seconds(30))));
  EXPECT_THAT(sink->texts(), ElementsAre("a", "c", "d", "e"));
}

TEST(Delivery, EndsWhileASinkHangs) {
  const auto sink = std::make_shared<FakeSink>();
  sink->held = true;
  {
    Delivery delivery("ops", sink, kQuick);
    delivery.put(alert("a"));
    while (sink->attempts == 0) std::this_thread::yield();
  }
  EXPECT_EQ(sink->attempts, 1);
}

}  // namespace
}  // namespace martlet
