// Requests to a real server that also misbehaves.
#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/error.h"
#include "tests/support/receiver.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSecret = "T0ken-not-to-be-shown";

class Http : public ::testing::Test {
 protected:
  Error error_of(const HttpRequest& request) const {
    try {
      send_http(request);
    } catch (const Error& error) {
      EXPECT_THAT(error.message + error.detail + error.next_step, Not(HasSubstr(kSecret)));
      EXPECT_FALSE(error.next_step.empty() && error.kind != ErrorKind::cancelled) << error.message;
      return error;
    }
    ADD_FAILURE() << "it was answered";
    return Error(ErrorKind::internal, "");
  }

  Receiver server_{Receiver::Kind::http};
};

TEST_F(Http, SendsMethodHeadersAndBodyAndGetsTheAnswer) {
  const std::string body("bytes \0 and ü", 14);
  const HttpResponse answer = send_http({.method = "PUT",
                                         .url = server_.url("/echo?a=b"),
                                         .headers = {"X-Mine: yes", "Content-Type: text/plain", "X-Empty:"},
                                         .body = body});
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(answer.body, body);
  EXPECT_EQ(answer.headers.at("x-kind"), "an echo");
  const nlohmann::json got = server_.wait_for(1)[0];
  EXPECT_EQ(got.at("method"), "PUT");
  EXPECT_EQ(got.at("path"), "/echo?a=b");
  EXPECT_EQ(got.at("headers").at("x-mine"), "yes");
  EXPECT_EQ(got.at("headers").at("x-empty"), "");
  EXPECT_EQ(got.at("headers").at("content-type"), "text/plain");
  EXPECT_THAT(std::string(got.at("headers").at("user-agent")), HasSubstr("martlet/"));
  EXPECT_FALSE(got.at("headers").contains("expect"));
}

TEST_F(Http, KnowsTheOtherMethods) {
  EXPECT_EQ(send_http({.method = "DELETE", .url = server_.url("/x")}).status, 200);
  EXPECT_EQ(send_http({.method = "HEAD", .url = server_.url("/large/5000")}).headers.at("content-length"), "5000");
  EXPECT_EQ(send_http({.url = server_.url("/x")}).body, "fine\n");
  const auto got = server_.wait_for(3);
  EXPECT_EQ(got[0].at("method"), "DELETE");
  EXPECT_EQ(got[2].at("method"), "GET");
}

TEST_F(Http, AnAnswerIsAnAnswerWhateverItsStatus) {
  const HttpResponse answer = send_http({.url = server_.url("/status/503")});
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.ok());
  EXPECT_EQ(answer.body, "the reason\n");
}

TEST_F(Http, RedirectsAreNotFollowed) {
  EXPECT_EQ(send_http({.url = server_.url("/redirect")}).status, 302);
  EXPECT_EQ(server_.received().size(), 1U);
}

TEST_F(Http, UserAndPasswordOfTheUrlAreSentAndNotShown) {
  std::string url = server_.url("/status/200");
  url.insert(7, "ana:" + std::string(kSecret) + "@");
  EXPECT_TRUE(send_http({.url = url}).ok());
  EXPECT_THAT(std::string(server_.wait_for(1)[0].at("headers").at("authorization")), HasSubstr("Basic "));
  url.replace(url.find("/status"), std::string::npos, "/hang");
  EXPECT_THAT(error_of({.url = url, .timeout = Milliseconds(200)}).message, HasSubstr(server_.url()));
}

TEST_F(Http, AServerThatHangsIsGivenUp) {
  const Error error = error_of({.url = server_.url("/hang?key=" + std::string(kSecret)), .timeout = Milliseconds(200)});
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_THAT(error.message, AllOf(HasSubstr("GET " + server_.url()), HasSubstr("timed out")));
}

TEST_F(Http, AServerThatDripsIsGivenUpToo) {
  EXPECT_THAT(error_of({.url = server_.url("/drip"), .timeout = Milliseconds(300)}).message, HasSubstr("timed out"));
}

TEST_F(Http, SilenceEndsATransferThatMayTakeAnyTime) {
  const Error error =
      error_of({.url = server_.url("/hang"), .timeout = Milliseconds(0), .silence = Milliseconds(1000)});
  EXPECT_THAT(error.message, HasSubstr("too slow"));
}

TEST_F(Http, AnAnswerThatIsCutIsNone) {
  EXPECT_EQ(error_of({.url = server_.url("/cut")}).kind, ErrorKind::connection);
}

TEST_F(Http, AnAnswerThatIsTooLongIsNone) {
  const Error error = error_of({.url = server_.url("/large/5000"), .max_response = 4999});
  EXPECT_THAT(error.message, HasSubstr("more than 4999 bytes"));
  EXPECT_EQ(send_http({.url = server_.url("/large/5000"), .max_response = 5000}).body.size(), 5000U);
}

TEST_F(Http, WhoWaitsCanStopIt) {
  bool asked = false;
  const auto stop = [&] { return std::exchange(asked, true); };
  const Error error = error_of({.url = server_.url("/hang"), .timeout = Milliseconds(0), .stop = stop});
  EXPECT_EQ(error.kind, ErrorKind::cancelled);
}

TEST_F(Http, CtrlCStopsIt) {
  cancel::request();
  EXPECT_EQ(error_of({.url = server_.url("/hang"), .timeout = Milliseconds(0)}).kind, ErrorKind::cancelled);
  EXPECT_TRUE(send_http({.url = server_.url("/ok"), .stop = [] { return false; }}).ok()) << "unless it may not";
  cancel::reset();
}

TEST_F(Http, NobodyThere) {
  const Error refused = error_of({.url = fmt::format("http://127.0.0.1:{}/{}", unused_port(), kSecret)});
  EXPECT_EQ(refused.kind, ErrorKind::connection);
  EXPECT_THAT(refused.message, HasSubstr("Failed to connect"));
  EXPECT_THAT(refused.next_step, HasSubstr("host and port"));
  const Error unknown = error_of({.url = "http://nobody.invalid/"});
  EXPECT_THAT(unknown.message, HasSubstr("nobody.invalid"));
}

TEST_F(Http, AHeaderThatWouldBeginAnotherIsRefused) {
  const Error error = error_of({.url = server_.url("/"), .headers = {"X-A: b\r\nX-C: " + std::string(kSecret)}});
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error_of({.url = server_.url("/"), .headers = {"nothing"}}).kind, ErrorKind::usage);
}

TEST(HttpTls, CertificatesAreVerified) {
  const TestCertificate certificate;
  const Receiver server(Receiver::Kind::http, &certificate);
  unsetenv("SSL_CERT_FILE");
  try {
    send_http({.url = server.url("/ok")});
    ADD_FAILURE() << "a certificate that nobody knows was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.message, HasSubstr("certificate"));
    EXPECT_THAT(error.next_step, HasSubstr("SSL_CERT_FILE"));
  }
  setenv("SSL_CERT_FILE", certificate.certificate().c_str(), 1);
  EXPECT_TRUE(send_http({.url = server.url("/ok")}).ok());
  const std::string by_number = fmt::format("https://127.0.0.1:{}/ok", server.port());
  EXPECT_THROW(send_http({.url = by_number}), Error) << "the certificate is for localhost";
  unsetenv("SSL_CERT_FILE");
}

TEST(WebOrigin, ShowsNothingSecret) {
  EXPECT_EQ(web_origin("https://hooks.example.com/services/T/B/x?y=z"), "https://hooks.example.com");
  EXPECT_EQ(web_origin("HTTP://ana:secret@host:8080#x"), "http://host:8080");
  EXPECT_EQ(web_origin("http://ana:p@ss@[::1]:9000/"), "http://[::1]:9000");
}

TEST(WebOrigin, RefusesWhatIsNone) {
  for (const std::string_view bad : {"", "hooks.example.com/x", "ftp://host/", "https://", "https://:80/",
                                     "http://a b/", "http://host/\r\nX: y", "http://ana:se/cret@host/"}) {
    try {
      web_origin(bad, "sinks.ops.url");
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::usage);
      EXPECT_THAT(error.message, AllOf(HasSubstr("sinks.ops.url"), Not(HasSubstr("cret"))));
    }
  }
}

}  // namespace
}  // namespace martlet::testing
