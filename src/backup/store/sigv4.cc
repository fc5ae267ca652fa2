#include "backup/store/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>

#include "base/digest.h"
#include "base/hmac.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// "20130524T000000Z"
std::string stamp(std::chrono::system_clock::time_point now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm at{};
  gmtime_r(&seconds, &at);
  char text[32];
  return {text, std::strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &at)};
}

std::string signing_key(const std::string& secret, const std::string& day, std::string_view region) {
  const std::string by_day = hmac_sha256("AWS4" + secret, day);
  return hmac_sha256(hmac_sha256(hmac_sha256(by_day, region), "s3"), "aws4_request");
}

}  // namespace

std::vector<std::string> s3_signed_headers(const S3Signable& request, const S3Credentials& credentials,
                                           std::string_view region, std::chrono::system_clock::time_point now) {
  const std::string time = stamp(now), day = time.substr(0, 8);
  std::map<std::string, std::string> headers = request.headers;
  headers["host"] = request.host;
  headers["x-amz-date"] = time;
  headers["x-amz-content-sha256"] = request.body_sha256;
  if (!credentials.session_token.empty()) headers["x-amz-security-token"] = credentials.session_token;

  std::string lines;
  std::vector<std::string> names, sent;
  for (const auto& [name, value] : headers) {
    lines += fmt::format("{}:{}\n", name, trim(value));
    names.push_back(name);
    sent.push_back(fmt::format("{}: {}", name, value));
  }
  const std::string signed_names = join(names, ";");
  const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path,
                                            s3_query(request.query), lines, signed_names, request.body_sha256);
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", day, region);
  const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope, sha256_hex(canonical));
  const std::string signature = to_hex(hmac_sha256(signing_key(credentials.secret_key, day, region), to_sign));
  sent.push_back(fmt::format("Authorization: {} Credential={}/{},SignedHeaders={},Signature={}", kAlgorithm,
                             credentials.access_key, scope, signed_names, signature));
  return sent;
}

std::string s3_encoded(std::string_view text, S3Slash slash) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain || (c == '/' && slash == S3Slash::kept)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string s3_query(std::vector<std::pair<std::string, std::string>> query) {
  for (auto& [name, value] : query) {
    name = s3_encoded(name, S3Slash::encoded);
    value = s3_encoded(value, S3Slash::encoded);
  }
  std::sort(query.begin(), query.end());
  std::vector<std::string> parts;
  for (const auto& [name, value] : query) parts.push_back(fmt::format("{}={}", name, value));
  return join(parts, "&");
}

}  // namespace martlet
