// One request over HTTP or HTTPS and its answer.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/duration.h"

namespace martlet {

struct HttpRequest {
  std::string method = "GET";
  std::string url;                   // user:password@ in it is sent as basic authentication
  std::vector<std::string> headers;  // "Content-Type: application/json"
  std::string body = {};
  Milliseconds connect_timeout{5'000};
  Milliseconds timeout{15'000};                // of the whole exchange; 0 = as long as bytes come
  Milliseconds silence{0};                     // without any byte either way; 0 = no limit
  std::size_t max_response = 1 * 1024 * 1024;  // of the answer's body, in bytes
  /// Ends the request where it says true, asked ten times a second: without an own one, after Ctrl-C.
  std::function<bool()> stop = cancel::requested;
};

struct HttpResponse {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; of several with one name the last
  std::string body;

  bool ok() const { return status >= 200 && status < 300; }
};

/// Sends it once and returns the answer, whatever its status; redirects are answers too, and not followed. Certificates
/// are verified, against the file that SSL_CERT_FILE names where it is set; http_proxy, https_proxy and no_proxy are
/// obeyed. Throws Error{usage} for a URL or a header that is none; Error{connection} where there is no answer, or one
/// that is too long, saying what to look at; Error{cancelled}. No error shows more of the URL than web_origin().
HttpResponse send_http(const HttpRequest& request);

/// "https://hooks.example.com:8443" of a URL: what may be shown of one whose path or query are secret. Throws
/// Error{usage} naming `what` where the text is no URL of HTTP.
std::string web_origin(std::string_view url, std::string_view what = "the address");

}  // namespace martlet
