// Every single edit, deletion, insertion and change of order is found, in the database and in the copy.
#include "history/audit_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"

namespace martlet::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr long long kEvents = 6;

// Newest first, as Audit::read gives them.
std::vector<AuditEvent> chain(long long length = kEvents, const std::string& actor = "ana") {
  std::vector<AuditEvent> events;
  std::string previous;
  for (long long number = 1; number <= length; ++number) {
    AuditEvent event{.number = number, .at = "2026-03-01T09:30:00.125Z", .event = "applied"};
    event.migration = std::to_string(number);
    event.actor = actor;
    event.detail = "line one\nünï \"quoted\"";
    event.duration_ms = number * 10;
    event.previous_hash = previous;
    event.hash = previous = audit_hash(event);
    events.insert(events.begin(), event);
  }
  return events;
}

// An attacker who knows how hashes are made: everything after the change is made to fit.
void rehash(std::vector<AuditEvent>& events) {
  std::string previous;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    event->previous_hash = previous;
    event->hash = previous = audit_hash(*event);
  }
}

class AuditCopyTest : public ::testing::Test {
 protected:
  AuditFile copied(const std::vector<AuditEvent>& events) {
    write_file(path, audit_export(events, "sqlite:test.db", key), FileMode::secret);
    return AuditFile::read(path);
  }
  std::vector<std::string> problems(const std::vector<AuditEvent>& events, const AuditFile& file) const {
    return prove_audit(events, file, key.public_key()).problems;
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "audit.jsonl";
  const SigningKey key = SigningKey::make();
};

TEST(AuditChain, EveryEditOfEveryFieldIsFoundAtItsEvent) {
  const std::vector<std::function<void(AuditEvent&)>> edits{
      [](AuditEvent& e) { e.at.back() = 'X'; },
      [](AuditEvent& e) { e.event += "x"; },
      [](AuditEvent& e) { e.migration = ""; },
      [](AuditEvent& e) { e.version_before = "V9"; },
      [](AuditEvent& e) { e.version_after = "V9"; },
      [](AuditEvent& e) { e.actor = "bob"; },
      [](AuditEvent& e) { e.role = "r"; },
      [](AuditEvent& e) { e.host = "h"; },
      [](AuditEvent& e) { e.ci = "c"; },
      [](AuditEvent& e) { e.ticket = "T"; },
      [](AuditEvent& e) { e.run_id = "x"; },
      [](AuditEvent& e) { e.detail.erase(0, 1); },
      [](AuditEvent& e) { e.duration_ms += 1; },
      [](AuditEvent& e) { e.previous_hash += "0"; },
      [](AuditEvent& e) { e.hash[0] ^= 1; },
  };
  for (std::size_t at = 0; at < kEvents; ++at) {
    for (std::size_t edit = 0; edit < edits.size(); ++edit) {
      auto events = chain();
      edits[edit](events[at]);
      const auto broken = find_chain_break(events);
      ASSERT_TRUE(broken) << at << " " << edit;
      EXPECT_EQ(broken->number, events[at].number) << edit;
    }
  }
}

TEST(AuditChain, EveryDeletionInsertionAndChangeOfOrderIsFound) {
  for (std::size_t at = 1; at < kEvents; ++at) {  // the newest one, 0, is cut off the end: only a copy shows that
    auto without = chain();
    const long long number = without[at].number;
    without.erase(without.begin() + static_cast<long>(at));
    EXPECT_EQ(find_chain_break(without)->number, number);
    EXPECT_THAT(find_chain_break(without)->why, HasSubstr("missing"));
  }
  for (std::size_t at = 0; at < kEvents; ++at) {
    auto twice = chain();
    twice.insert(twice.begin() + static_cast<long>(at), twice[at]);
    EXPECT_EQ(find_chain_break(twice)->number, kEvents - static_cast<long long>(at));
    for (std::size_t other = at + 1; other < kEvents; ++other) {
      auto swapped = chain();
      std::swap(swapped[at].number, swapped[other].number);
      EXPECT_EQ(find_chain_break(swapped)->number, kEvents - static_cast<long long>(other));
    }
  }
  EXPECT_FALSE(find_chain_break(chain()));
  EXPECT_FALSE(find_chain_break({}));
}

TEST(AuditChain, ALineIsTakenApartAsItWasWritten) {
  for (const AuditEvent& event : chain()) {
    const auto read = read_audit_line(audit_line(event));
    ASSERT_TRUE(read);
    EXPECT_EQ(audit_line(*read), audit_line(event));
    EXPECT_EQ(audit_hash(*read), event.hash);
  }
  for (const std::string bad : {"", "{}", "[1]", "{\"number\": 1}", "nonsense"}) EXPECT_FALSE(read_audit_line(bad));
}

TEST_F(AuditCopyTest, OfAnEarlierStateAgreesWithWhatCameAfterIt) {
  const AuditProof proof = prove_audit(chain(), copied(chain(4)), key.public_key());
  EXPECT_THAT(proof.problems, IsEmpty());
  EXPECT_THAT(proof.reservations, IsEmpty());
  EXPECT_EQ(proof.last_checkpoint, 4);
}

TEST_F(AuditCopyTest, ShowsWhatTheDatabaseAloneCannotShow) {
  const AuditFile file = copied(chain());
  auto cut = chain();
  cut.erase(cut.begin(), cut.begin() + 2);
  ASSERT_FALSE(find_chain_break(cut));
  EXPECT_THAT(problems(cut, file),
              ElementsAre(HasSubstr("events 5 to 6 are in the copy"), HasSubstr("checkpoint of event 6")));
  EXPECT_THAT(problems({}, file),
              ElementsAre(HasSubstr("events 1 to 6 are in the copy"), HasSubstr("checkpoint of event 6")));
  auto rewritten = chain();
  rewritten[2].actor = "nobody";
  rehash(rewritten);
  ASSERT_FALSE(find_chain_break(rewritten));
  EXPECT_THAT(problems(rewritten, file),
              ElementsAre("event 4 is another one in the copy", HasSubstr("is another one now")));
}

// Whoever writes in the file too, but has no key.
TEST_F(AuditCopyTest, ACopyThatWasMadeToFitHasNoSignature) {
  AuditFile file = copied(chain());
  auto rewritten = chain();
  rewritten[0].actor = "nobody";
  rehash(rewritten);
  file.events.assign(rewritten.rbegin(), rewritten.rend());
  EXPECT_THAT(problems(rewritten, file), ElementsAre(HasSubstr("that event is another one now")));
  file.checkpoints[0].hash = rewritten[0].hash;
  EXPECT_THAT(problems(rewritten, file), ElementsAre(HasSubstr("its signature does not hold")));
  file.checkpoints[0] = Checkpoint::make(rewritten[0], "sqlite:test.db", SigningKey::make());
  EXPECT_THAT(problems(rewritten, file), ElementsAre(HasSubstr("signed with another key")));
}

TEST_F(AuditCopyTest, SaysWhatItDidNotProve) {
  EXPECT_THAT(prove_audit(chain(), {}, "").reservations, ElementsAre(HasSubstr("without a copy elsewhere")));
  const AuditFile file = copied(chain());
  EXPECT_THAT(prove_audit(chain(), file, "").reservations, ElementsAre(HasSubstr("taken from the copy itself")));
  EXPECT_THAT(prove_audit(chain(), {file.events, {}}, "").reservations,
              ElementsAre(HasSubstr("no signed checkpoints")));
}

TEST_F(AuditCopyTest, ALineThatIsNeitherIsNamed) {
  copied(chain());
  write_file(path, "{}\n" + read_file(path), FileMode::secret);
  EXPECT_EQ(error_of([&] { AuditFile::read(path); }).place.line, 1);
}

TEST(SigningKeyFile, CanBeReadByItsOwnerAlone) {
  const TemporaryFolder folder;
  const auto path = folder / "key";
  const SigningKey key = SigningKey::make();
  key.write(path);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(SigningKey::read(path).public_key(), key.public_key());
  EXPECT_TRUE(is_signed_by(key.public_key(), "x", SigningKey::read(path).sign("x")));
  EXPECT_THAT(error_of([&] { SigningKey::make().write(path); }).message, HasSubstr("exists already"));
  EXPECT_EQ(SigningKey::read(path).public_key(), key.public_key());
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  EXPECT_EQ(error_of([&] { SigningKey::read(path); }).next_step, "chmod 600 " + path.string());
}

TEST(SigningKeyFile, IsRefusedWhereItIsNoKey) {
  const TemporaryFolder folder;
  for (const std::string text : {"", "secret", "martlet-signing-key-1 00ff", "00ff"}) {
    write_file(folder / "key", text, FileMode::secret);
    EXPECT_EQ(error_of([&] { SigningKey::read(folder / "key"); }).kind, ErrorKind::usage) << text;
  }
}

}  // namespace
}  // namespace martlet::testing
