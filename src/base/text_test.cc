#include "base/text.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(Nearest, FindsWhatWasMisspelled) {
  EXPECT_EQ(nearest("statsu", {"up", "status"}), "status");
  EXPECT_EQ(nearest("URL", {"url", "folder"}), "url");
}

TEST(Nearest, FindsTheOnlyOneThatBeginsSo) {
  EXPECT_EQ(nearest("env", {"environments", "placeholders"}), "environments");
  EXPECT_EQ(nearest("env", {"environments", "environment_file"}), std::nullopt);
  EXPECT_EQ(nearest("en", {"environments", "placeholders"}), std::nullopt);
}

TEST(Nearest, DoesNotGuessWhatIsFarAway) {
  EXPECT_EQ(nearest("elephant", {"up", "status"}), std::nullopt);
}

}  // namespace
}  // namespace martlet
