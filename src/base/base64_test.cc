#include "base/base64.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(Base64, WritesThePublishedVectors) {  // RFC 4648, section 10
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64(std::string_view("\xfb\xff\0", 3)), "+/8A");
}

}  // namespace
}  // namespace martlet
