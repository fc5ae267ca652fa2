// One mail to an SMTP server.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/duration.h"

namespace martlet {

/// `required`: STARTTLS, or an error; `none`: mail and password in the clear. smtps:// is TLS from the first byte.
enum class MailTls { required, none };

struct MailServer {
  std::string url;             // "smtp://mail.example.com:587", "smtps://mail.example.com"
  std::string user, password;  // "" = none
  MailTls tls = MailTls::required;
  Milliseconds timeout{15'000};  // of the whole exchange
  std::function<bool()> stop = cancel::requested;
};

struct Mail {
  std::string from;             // "martlet@example.com"
  std::vector<std::string> to;  // the same
  std::string subject, text;    // UTF-8
};

/// Hands it to the server for all who are in `to`. Throws Error{usage} for an address or a URL that is none, and
/// Error{connection} where the server cannot be reached or does not take it, saying what it said.
void send_mail(const MailServer& server, const Mail& mail);

/// Throws Error{usage} naming `what` where the text is no address such as "ana@example.com".
void check_mail_address(std::string_view address, std::string_view what);
/// "smtp://mail.example.com:587": the URL without what may be secret. Throws Error{usage} naming `what` where the text
/// is no URL of a mail server.
std::string mail_origin(std::string_view url, std::string_view what = "the mail server");

}  // namespace martlet
