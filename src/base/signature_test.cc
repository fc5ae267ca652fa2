#include "base/signature.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace martlet {
namespace {

TEST(Signature, HoldsForItsKeyAndTextAlone) {
  const SigningKey key = SigningKey::make();
  const std::string text = "event 7 has the hash 00ff";
  const std::string signature = key.sign(text);
  EXPECT_TRUE(is_public_key(key.public_key()));
  EXPECT_TRUE(is_signed_by(key.public_key(), text, signature));
  EXPECT_FALSE(is_signed_by(SigningKey::make().public_key(), text, signature));
  EXPECT_FALSE(is_signed_by(key.public_key(), text + " ", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(is_signed_by(key.public_key(), text, changed)) << i;
  }
}

TEST(Signature, WhatIsNoKeyOrNoSignatureHoldsForNothing) {
  const SigningKey key = SigningKey::make();
  const std::string signature = key.sign("x");
  for (const std::string& bad :
       std::vector<std::string>{"", "zz", "00", std::string(64, 'x'), key.public_key() + "00"}) {
    EXPECT_FALSE(is_public_key(bad)) << bad;
    EXPECT_FALSE(is_signed_by(bad, "x", signature)) << bad;
    EXPECT_FALSE(is_signed_by(key.public_key(), "x", bad)) << bad;
  }
}

}  // namespace
}  // namespace martlet
