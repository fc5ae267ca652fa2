#include "net/http.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "net/curl.h"

namespace martlet {
namespace {

using net::CurlList;
using net::CurlTransfer;

// What the callbacks of libcurl fill.
struct Answer {
  HttpResponse response;
  std::size_t limit = 0;
  bool too_long = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* into) {
  Answer& answer = *static_cast<Answer*>(into);
  answer.too_long = answer.response.body.size() + size > answer.limit;
  if (answer.too_long) return CURL_WRITEFUNC_ERROR;
  answer.response.body.append(bytes, size);
  return size;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* into) {
  const std::string_view line(bytes, size);
  HttpResponse& response = static_cast<Answer*>(into)->response;
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    response.headers.clear();  // those before were of an interim answer
  } else if (colon != std::string_view::npos) {
    response.headers[lower(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
  }
  return size;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

CurlList& add_headers(const HttpRequest& request, CurlList& list) {
  for (const std::string& header : request.headers) {
    const std::size_t colon = header.find(':');
    if (colon == std::string::npos || has_control_character(header)) {
      throw Error(ErrorKind::usage, fmt::format("the header \"{}\" is not of the form NAME: VALUE in one line",
                                                header.substr(0, std::min(colon, header.find_first_of("\r\n")))))
          .next("correct the header");
    }
    // libcurl takes "Name;" for a header that is empty, and "Name:" for one to leave out.
    list.add(trim(header.substr(colon + 1)).empty() ? header.substr(0, colon) + ";" : header);
  }
  list.add("Expect:");  // no waiting for a "100 Continue" that many servers never send
  return list;
}

void set_method(CurlTransfer& transfer, const HttpRequest& request) {
  if (request.method == "HEAD") {
    transfer.set(CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    transfer.set(CURLOPT_POSTFIELDS, request.body.data());
    transfer.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

}  // namespace

HttpResponse send_http(const HttpRequest& request) {
  const std::string origin = web_origin(request.url);
  CurlTransfer transfer(request.method, origin);
  CurlList headers;
  Answer answer{.limit = request.max_response};
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.set(CURLOPT_URL, request.url.c_str());
  transfer.set(CURLOPT_USERAGENT, "martlet/" MARTLET_VERSION);
  transfer.set(CURLOPT_WRITEFUNCTION, take_body);
  transfer.set(CURLOPT_WRITEDATA, &answer);
  transfer.set(CURLOPT_HEADERFUNCTION, take_header);
  transfer.set(CURLOPT_HEADERDATA, &answer);
  set_method(transfer, request);
  transfer.set(CURLOPT_HTTPHEADER, add_headers(request, headers).get());
  try {
    transfer.run({request.connect_timeout, request.timeout, request.silence, request.stop});
  } catch (const Error&) {
    if (!answer.too_long) throw;
    throw Error(ErrorKind::connection,
                fmt::format("{} {}: the answer has more than {} bytes", request.method, origin, request.max_response))
        .next("check that the address is the right one");
  }
  answer.response.status = transfer.status();
  return std::move(answer.response);
}

std::string web_origin(std::string_view url, std::string_view what) {
  const auto refuse = [&](std::string_view why) {
    return Error(ErrorKind::usage, fmt::format("{} is no URL of HTTP: {}", what, why))
        .next("write it as https://host/path");
  };
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = lower(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    throw refuse("it must begin with http:// or https://");
  }
  if (has_control_character(url) || url.find(' ') != std::string_view::npos) {
    throw refuse("there are blanks or control characters in it");
  }
  std::string_view rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.empty() || rest.starts_with(':')) throw refuse("it has no host");
  // A password with an unescaped slash in it would be taken for host and port, and shown.
  const std::size_t colon = rest.starts_with('[') ? rest.find(':', rest.find(']')) : rest.find(':');
  if (colon != std::string_view::npos && rest.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) {
    throw refuse("its port is no number (in a password, write / as %2F)");
  }
  return scheme + "://" + std::string(rest);
}

}  // namespace martlet
