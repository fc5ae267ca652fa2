// The examples of Amazon's documentation (Signature Calculations for the Authorization Header, single chunk).
#include "backup/store/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"

namespace martlet {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

const S3Credentials kAmazons{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
const auto kThen = std::chrono::system_clock::from_time_t(1369353600);  // 2013-05-24T00:00:00Z
const std::string kHost = "examplebucket.s3.amazonaws.com";

void expect_signature(const S3Signable& request, const std::string& signature) {
  EXPECT_THAT(s3_signed_headers(request, kAmazons, "us-east-1", kThen),
              Contains(AllOf(HasSubstr("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"),
                             HasSubstr("Signature=" + signature))));
}

TEST(SigV4, GetObject) {
  expect_signature({.method = "GET",
                    .host = kHost,
                    .path = "/test.txt",
                    .headers = {{"range", "bytes=0-9"}},
                    .body_sha256 = sha256_hex("")},
                   "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(SigV4, PutObject) {
  expect_signature(
      {.method = "PUT",
       .host = kHost,
       .path = s3_encoded("/test$file.text", S3Slash::kept),
       .headers = {{"date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
       .body_sha256 = sha256_hex("Welcome to Amazon S3.")},
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(SigV4, GetBucketLifecycle) {
  expect_signature(
      {.method = "GET", .host = kHost, .path = "/", .query = {{"lifecycle", ""}}, .body_sha256 = sha256_hex("")},
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(SigV4, ListObjects) {
  expect_signature({.method = "GET",
                    .host = kHost,
                    .path = "/",
                    .query = {{"prefix", "J"}, {"max-keys", "2"}},
                    .body_sha256 = sha256_hex("")},
                   "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SigV4, ASessionTokenIsSentAndSigned) {
  S3Credentials temporary = kAmazons;
  temporary.session_token = "TOKEN";
  const auto headers = s3_signed_headers({.method = "GET", .host = kHost, .path = "/", .body_sha256 = sha256_hex("")},
                                         temporary, "us-east-1", kThen);
  EXPECT_THAT(headers, Contains("x-amz-security-token: TOKEN"));
  EXPECT_THAT(headers, Contains(HasSubstr("x-amz-date;x-amz-security-token,")));
}

TEST(SigV4, EncodesEveryByte) {
  EXPECT_EQ(s3_encoded("a/b c+é~", S3Slash::kept), "a/b%20c%2B%C3%A9~");
  EXPECT_EQ(s3_encoded("a/b", S3Slash::encoded), "a%2Fb");
  EXPECT_EQ(s3_query({{"b", "2"}, {"a-b", "x y"}, {"a", ""}}), "a=&a-b=x%20y&b=2");
}

}  // namespace
}  // namespace martlet
