#include "base/capture.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace martlet {
namespace {

TEST(Capture, KeepsBothStreamsAndTheExitCode) {
  const Captured captured = capture({"sh", "-c", "echo out; echo \"$SECRET\" >&2; exit 3"}, {{"SECRET", "hush"}});
  EXPECT_EQ(captured.output, "out\n");
  EXPECT_EQ(captured.errors, "hush\n");
  EXPECT_EQ(captured.exit_code, 3);
}

TEST(Capture, ReadsMoreThanAPipeHolds) {
  EXPECT_EQ(capture({"head", "-c", "1000000", "/dev/zero"}).output.size(), 1000000u);
}

TEST(Capture, TellsASignalFromAnExitCode) {
  EXPECT_EQ(capture({"sh", "-c", "kill -9 $$"}).exit_code, 128 + 9);
}

TEST(Capture, NamesAProgramThatIsMissing) {
  EXPECT_THROW(capture({"no-such-program-here"}), Error);
}

}  // namespace
}  // namespace martlet
