#include "backup/store/s3_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/cancel.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr int kAttempts = 7;
constexpr long kFirstPause = 200;  // ms; twice as long each time
constexpr Milliseconds kSilence{30'000};
constexpr Milliseconds kLastWords{5'000};
constexpr std::size_t kLongestAnswer = 9 * 1024 * 1024;  // a piece of an archive

// Codes of S3's that another attempt may mend, whatever the status they come with.
constexpr std::array<std::string_view, 5> kPassing{"RequestTimeout", "BadDigest", "XAmzContentSHA256Mismatch",
                                                   "SlowDown", "IncompleteBody"};

bool may_pass(const HttpResponse& answer) {
  if (answer.status >= 500 || answer.status == 429) return true;
  const std::string code = xml_text(answer.body, "Code");
  return !answer.ok() && std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

// A multipart upload that cannot be completed is answered with 200, and the error in its body.
bool is_answer(const S3Request& request, const HttpResponse& answer) {
  const bool hidden_error = answer.ok() && answer.body.find("<Error>") != std::string::npos &&
                            answer.headers.contains("content-type") &&
                            answer.headers.at("content-type").find("xml") != std::string::npos;
  return (answer.ok() && !hidden_error) || (answer.status == 404 && request.may_be_missing);
}

std::string advice(const HttpResponse& answer, const S3Options& options) {
  const std::string code = xml_text(answer.body, "Code");
  if (code == "SignatureDoesNotMatch") return "check backup.s3_secret_key";
  if (code == "RequestTimeTooSkewed") return "set this machine's clock";
  if (code == "AuthorizationHeaderMalformed" || answer.status == 301) {
    return fmt::format("check backup.s3_region, which is \"{}\"", options.region);
  }
  if (code == "NoSuchBucket") return fmt::format("make the bucket \"{}\", or correct backup.s3", options.bucket);
  if (answer.status == 403 || answer.status == 401) {
    return "check the credentials, and that they may list, read, write and delete there";
  }
  return "check backup.s3 and backup.s3_endpoint";
}

// "minio:9000" of "http://minio:9000", as libcurl writes it into the header.
std::string host_of(const std::string& origin) {
  std::string host = origin.substr(origin.find("://") + 3);
  const std::string_view usual = origin.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(usual)) host.resize(host.size() - usual.size());
  return host;
}

}  // namespace

std::string xml_text(std::string_view xml, std::string_view tag) {
  const auto found = xml_elements(xml, tag);
  if (found.empty()) return {};
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  std::string text;
  for (std::size_t at = 0; at < found[0].size(); ++at) {
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(),
                                     [&](const auto& each) { return found[0].substr(at).starts_with(each.first); });
    text += entity == kEntities.end() ? found[0][at] : entity->second;
    if (entity != kEntities.end()) at += entity->first.size() - 1;
  }
  return text;
}

std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view tag) {
  std::vector<std::string_view> elements;
  const std::string open = fmt::format("<{}>", tag), close = fmt::format("</{}>", tag);
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
    at += open.size();
    const std::size_t end = xml.find(close, at);
    if (end == std::string_view::npos) break;
    elements.push_back(xml.substr(at, end - at));
    at = end;
  }
  return elements;
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>') {
      escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

S3Client::S3Client(S3Options options) : options_(std::move(options)) {
  std::string endpoint = options_.endpoint;
  if (endpoint.empty()) endpoint = fmt::format("https://s3.{}.amazonaws.com", options_.region);
  const std::string origin = web_origin(endpoint, "backup.s3_endpoint");
  scheme_ = origin.substr(0, origin.find(':'));
  host_ = host_of(origin);
  if (!options_.path_style) host_ = options_.bucket + "." + host_;
  if (!options_.credentials.access_key.empty() && !options_.credentials.secret_key.empty()) return;
  throw Error(ErrorKind::usage, fmt::format("there are no credentials for {}", where()))
      .next("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or backup.s3_access_key and backup.s3_secret_key");
}

std::string S3Client::where() const {
  return fmt::format("s3://{}{}{}", options_.bucket, options_.prefix.empty() ? "" : "/", options_.prefix);
}

std::string S3Client::path_of(const S3Request& request) const {
  const std::string bucket = options_.path_style ? "/" + options_.bucket : "";
  return s3_encoded(fmt::format("{}/{}", bucket, request.key), S3Slash::kept);
}

std::string S3Client::url_of(const S3Request& request) const {
  const std::string query = s3_query(request.query);
  return fmt::format("{}://{}{}{}{}", scheme_, host_, path_of(request), query.empty() ? "" : "?", query);
}

std::vector<std::string> S3Client::signed_headers(const S3Request& request, const std::string& body_sha256) const {
  const S3Signable signable{.method = request.method,
                            .host = host_,
                            .path = path_of(request),
                            .query = request.query,
                            .headers = request.headers,
                            .body_sha256 = body_sha256};
  return s3_signed_headers(signable, options_.credentials, options_.region, std::chrono::system_clock::now());
}

HttpResponse S3Client::send(S3Request request, Haste haste) const {
  const std::string digest = sha256_hex(request.body);
  HttpRequest http{.method = request.method,
                   .url = url_of(request),
                   .body = std::move(request.body),
                   .timeout = Milliseconds(0),
                   .silence = kSilence,
                   .max_response = kLongestAnswer};
  if (haste == Haste::last_words) {
    http.timeout = kLastWords;
    http.stop = nullptr;
  }
  const int attempts = haste == Haste::patient ? kAttempts : 1;
  std::optional<Error> last;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    if (attempt > 1) cancel::sleep_ms(kFirstPause << (attempt - 2));
    try {
      http.headers = signed_headers(request, digest);  // with the time of this attempt
      HttpResponse answer = send_http(http);
      if (is_answer(request, answer)) return answer;
      throw refusal(request, answer);
    } catch (const Error& error) {
      if (error.kind == ErrorKind::cancelled) {
        throw Error(ErrorKind::cancelled, fmt::format("cancelled while speaking to {}", where()))
            .next("run the same command again; what was sent so far is under no name there");
      }
      if (error.kind != ErrorKind::connection) throw;
      last = error;
    }
    log::info(fmt::format("{}: attempt {} failed: {}", where(), attempt, last->message));
  }
  last->message += fmt::format(" ({} attempts)", attempts);
  throw *last;
}

// S3 tells the code and a sentence; which headers it was asked with is not shown.
Error S3Client::refusal(const S3Request& request, const HttpResponse& answer) const {
  const std::string code = xml_text(answer.body, "Code"), said = xml_text(answer.body, "Message");
  const bool passing = may_pass(answer) || answer.ok();
  return Error(passing ? ErrorKind::connection : ErrorKind::usage,
               fmt::format("cannot {} {}{}{}: the store answered {}{}{}{}{}", request.method, where(),
                           request.key.empty() ? "" : ", ", request.key, answer.status, code.empty() ? "" : " ", code,
                           said.empty() ? "" : ": ", said))
      .next(advice(answer, options_));
}

}  // namespace martlet
