#include "net/smtp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/text.h"
#include "net/curl.h"
#include "net/mail_text.h"

namespace martlet {
namespace {

using net::CurlList;
using net::CurlTransfer;

// The text that libcurl reads piece by piece.
std::size_t give(char* into, std::size_t size, std::size_t count, void* from) {
  std::string_view& rest = *static_cast<std::string_view*>(from);
  const std::size_t given = std::min(size * count, rest.size());
  std::memcpy(into, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

void log_in(CurlTransfer& transfer, const MailServer& server) {
  transfer.set(CURLOPT_USE_SSL, static_cast<long>(server.tls == MailTls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (server.user.empty()) return;
  transfer.set(CURLOPT_USERNAME, server.user.c_str());
  transfer.set(CURLOPT_PASSWORD, server.password.c_str());
}

}  // namespace

void send_mail(const MailServer& server, const Mail& mail) {
  check_mail_address(mail.from, "the sender");
  for (const std::string& address : mail.to) check_mail_address(address, "the recipient");
  if (mail.to.empty()) throw Error(ErrorKind::usage, "a mail needs a recipient");
  CurlTransfer transfer("mail by", mail_origin(server.url));
  CurlList recipients;
  for (const std::string& address : mail.to) recipients.add("<" + address + ">");
  const std::string sender = "<" + mail.from + ">";
  const std::string text = mail_text(mail, random_hex(16), std::chrono::system_clock::now());
  std::string_view rest = text;
  log_in(transfer, server);
  transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer.set(CURLOPT_URL, server.url.c_str());
  transfer.set(CURLOPT_MAIL_FROM, sender.c_str());
  transfer.set(CURLOPT_MAIL_RCPT, recipients.get());
  transfer.set(CURLOPT_READFUNCTION, give);
  transfer.set(CURLOPT_READDATA, &rest);
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.run({.whole = server.timeout, .stop = server.stop});
}

void check_mail_address(std::string_view address, std::string_view what) {
  const std::size_t at = address.rfind('@');
  const bool clean = std::ranges::none_of(address, [](char c) {
    return static_cast<unsigned char>(c) <= 32 || c == 127 || c == '<' || c == '>' || c == ',';
  });
  if (clean && at != std::string_view::npos && at > 0 && at + 1 < address.size()) return;
  throw Error(ErrorKind::usage, fmt::format("{} \"{}\" is no mail address", what, address))
      .next("write it as name@host, without a display name");
}

std::string mail_origin(std::string_view url, std::string_view what) {
  const auto refuse = [&](std::string_view why) {
    return Error(ErrorKind::usage, fmt::format("{} {}", what, why)).next("write it as smtp://host:587 or smtps://host");
  };
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = lower(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "smtp" && scheme != "smtps")) {
    throw refuse("must begin with smtp:// or smtps://");
  }
  std::string_view host = url.substr(scheme_end + 3);
  if (host.find('@') != std::string_view::npos)
    throw refuse("must not hold user and password: they have keys of their own");
  while (host.ends_with('/')) host.remove_suffix(1);
  const bool clean = host.find_first_of(" \t\r\n/?#") == std::string_view::npos;
  if (host.empty() || !clean) throw refuse("must be a host, and a port where it is not the usual one");
  return scheme + "://" + std::string(host);
}

}  // namespace martlet
