#include "alert/post.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"
#include "net/http.h"

namespace martlet {
namespace {

constexpr std::size_t kShownOfAnswer = 120;
constexpr std::size_t kMostOfAnswer = 64 * 1024;

bool may_go_better(long status) {
  return status >= 500 || status == 429 || status == 408;
}

std::string first_line(const std::string& body) {
  return mask_passwords(trim(std::string_view(body).substr(0, std::min(body.find('\n'), kShownOfAnswer))));
}

}  // namespace

void post_alert(const std::string& url, std::vector<std::string> headers, std::string body,
                const DeliveryLimits& limits) {
  const HttpResponse answer = send_http({.method = "POST",
                                         .url = url,
                                         .headers = std::move(headers),
                                         .body = std::move(body),
                                         .connect_timeout = limits.timeout,
                                         .timeout = limits.timeout,
                                         .max_response = kMostOfAnswer,
                                         .stop = limits.stop});
  if (answer.ok()) return;
  const std::string line = first_line(answer.body);
  throw Error(may_go_better(answer.status) ? ErrorKind::connection : ErrorKind::refused,
              fmt::format("POST {}: answered {}{}", web_origin(url), answer.status, line.empty() ? "" : ": " + line))
      .next("check the address and its token");
}

std::string url_of_sink(const ConfigRecord& record) {
  const std::string url = record.text("url");
  try {
    web_origin(url, "url");
  } catch (Error& error) {
    throw error.at(record.place_of("url"));
  }
  return url;
}

}  // namespace martlet
