// Mails to a real server that also misbehaves.
#include "net/smtp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/error.h"
#include "tests/support/receiver.h"

namespace martlet::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Mail a_mail(std::vector<std::string> to = {"ana@example.com"}) {
  return {.from = "martlet@db1.example.com",
          .to = std::move(to),
          .subject = "V007 failed",
          .text = "What happened:\n.\nüber alles\n"};
}

Error error_of(const MailServer& server, const Mail& mail) {
  try {
    send_mail(server, mail);
  } catch (const Error& error) {
    EXPECT_THAT(error.message, Not(HasSubstr("wrong")));
    return error;
  }
  ADD_FAILURE() << "it was taken";
  return Error(ErrorKind::internal, "");
}

TEST(Smtp, HandsOverAMailForAll) {
  const Receiver server(Receiver::Kind::smtp);
  send_mail({.url = server.url(), .tls = MailTls::none}, a_mail({"ana@example.com", "ops@example.com"}));
  const nlohmann::json got = server.wait_for(1)[0];
  EXPECT_THAT(got.at("to"), ElementsAre("ana@example.com", "ops@example.com"));
  EXPECT_THAT(std::string(got.at("from")), HasSubstr("<martlet@db1.example.com>"));
  EXPECT_EQ(got.at("subject"), "V007 failed");
  EXPECT_EQ(got.at("text"), "What happened:\n.\nüber alles\n");
  EXPECT_TRUE(got.at("headers").contains("Message-ID"));
}

TEST(Smtp, ASubjectMayHoldAnything) {
  const Receiver server(Receiver::Kind::smtp);
  Mail mail = a_mail();
  mail.subject = "Größe " + std::string(300, 'x') + " ö\r\nBcc: eve@example.com";
  mail.text = std::string(5000, 'y');
  send_mail({.url = server.url(), .tls = MailTls::none}, mail);
  const nlohmann::json got = server.wait_for(1)[0];
  EXPECT_EQ(got.at("subject"), "Größe " + std::string(300, 'x') + " ö  Bcc: eve@example.com");
  EXPECT_FALSE(got.at("headers").contains("Bcc"));
  EXPECT_LE(got.at("longest"), 80);
}

TEST(Smtp, TlsIsAskedForUnlessItIsNotWanted) {
  const Receiver plain(Receiver::Kind::smtp);
  const Error error = error_of({.url = plain.url(), .user = "ana", .password = "wrong"}, a_mail());
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_THAT(error.next_step, HasSubstr("tls = \"none\""));
  EXPECT_TRUE(plain.received().empty());

  const TestCertificate certificate;
  const Receiver server(Receiver::Kind::smtp, &certificate);
  EXPECT_THAT(error_of({.url = server.url()}, a_mail()).message, HasSubstr("certificate"));
  setenv("SSL_CERT_FILE", certificate.certificate().c_str(), 1);
  send_mail({.url = server.url(), .user = "ana", .password = "secret"}, a_mail());
  unsetenv("SSL_CERT_FILE");
  const nlohmann::json got = server.wait_for(1)[0];
  EXPECT_TRUE(got.at("tls"));
  EXPECT_THAT(got.at("login"), ElementsAre("ana", "secret"));
}

TEST(Smtp, SaysWhyAMailWasNotTaken) {
  const Receiver server(Receiver::Kind::smtp);
  const Error refused = error_of({.url = server.url(), .tls = MailTls::none}, a_mail({"refused@example.com"}));
  EXPECT_THAT(refused.message, HasSubstr("550"));
  const Error login =
      error_of({.url = server.url(), .user = "ana", .password = "wrong", .tls = MailTls::none}, a_mail());
  EXPECT_THAT(login.next_step, HasSubstr("password"));
  const Error hangs =
      error_of({.url = server.url(), .tls = MailTls::none, .timeout = Milliseconds(200)}, a_mail({"hang@example.com"}));
  EXPECT_THAT(hangs.message, HasSubstr("timed out"));
  EXPECT_TRUE(server.received().empty());
}

TEST(Smtp, RefusesAddressesThatAreNone) {
  for (const std::string_view bad :
       {"", "ana", "@host", "ana@", "Ana <ana@host>", "a@b\r\nRCPT TO:<eve@c>", "a@b,c@d"}) {
    EXPECT_THROW(check_mail_address(bad, "to"), Error) << bad;
  }
  EXPECT_NO_THROW(check_mail_address("ana+db@example.com", "to"));
  EXPECT_EQ(error_of({.url = "smtp://localhost"}, a_mail({})).kind, ErrorKind::usage);
}

TEST(Smtp, RefusesServersThatAreNone) {
  EXPECT_EQ(mail_origin("SMTPS://mail.example.com:465/"), "smtps://mail.example.com:465");
  for (const std::string_view bad :
       {"", "mail.example.com", "http://host", "smtp://", "smtp://ana:wrong@host", "smtp://a b"}) {
    try {
      mail_origin(bad, "sinks.mail.url");
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_THAT(error.message, ::testing::AllOf(HasSubstr("sinks.mail.url"), Not(HasSubstr("wrong"))));
    }
  }
}

}  // namespace
}  // namespace martlet::testing
