// Amazon's signature of requests, version 4, as S3 and what is compatible with it ask for.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace martlet {

struct S3Credentials {
  std::string access_key, secret_key;
  std::string session_token;  // "" = none
};

struct S3Signable {
  std::string method;
  std::string host;  // as the header says it: with its port, where it is not the usual one
  std::string path;  // encoded: s3_encoded()
  std::vector<std::pair<std::string, std::string>> query = {};  // not encoded
  std::map<std::string, std::string> headers = {};              // names in lower case; beside host and x-amz-…
  std::string body_sha256;                                      // in hexadecimal
};

/// What to send with the request, as "Name: value": its own headers and those of the signature.
std::vector<std::string> s3_signed_headers(const S3Signable& request, const S3Credentials& credentials,
                                           std::string_view region, std::chrono::system_clock::time_point now);

/// Percent-encoded but for letters, digits and -._~, and in a path but for slashes.
enum class S3Slash { kept, encoded };
std::string s3_encoded(std::string_view text, S3Slash slash);
/// "a=b&c=", sorted and encoded.
std::string s3_query(std::vector<std::pair<std::string, std::string>> query);

}  // namespace martlet
