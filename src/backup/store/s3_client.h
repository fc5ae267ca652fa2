// Requests to S3 and what is compatible with it: signed, tried again, their errors in words.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backup/store/sigv4.h"
#include "backup/store/store.h"
#include "base/error.h"
#include "net/http.h"

namespace martlet {

struct S3Request {
  std::string method = "GET";
  std::string key;  // of the object, below the bucket; "" = the bucket itself
  std::vector<std::pair<std::string, std::string>> query = {};
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};
  bool may_be_missing = false;  // then 404 is an answer, too
};

/// The text of the first <tag> of an XML answer, entities resolved; "" where there is none.
std::string xml_text(std::string_view xml, std::string_view tag);
/// What stands between <tag> and </tag>, of each.
std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view tag);
std::string xml_escaped(std::string_view text);

class S3Client {
 public:
  /// Throws Error{usage} for an endpoint that is none, and where credentials are missing.
  explicit S3Client(S3Options options);

  /// "s3://bucket/prefix"
  std::string where() const;
  const std::string& prefix() const { return options_.prefix; }

  enum class Haste { patient, last_words };
  /// The answer: 2xx, or 404 where the request allows it. No answer, 5xx, too many requests and bodies that were
  /// damaged on their way are tried again, with pauses that grow. Throws Error{usage} for what the store refuses,
  /// Error{connection} where attempts did not help, Error{cancelled}. `last_words` is one attempt that Ctrl-C does not
  /// end.
  HttpResponse send(S3Request request, Haste haste = Haste::patient) const;

 private:
  std::vector<std::string> signed_headers(const S3Request& request, const std::string& body_sha256) const;
  std::string url_of(const S3Request& request) const;
  std::string path_of(const S3Request& request) const;
  Error refusal(const S3Request& request, const HttpResponse& answer) const;

  const S3Options options_;
  std::string scheme_, host_;
};

}  // namespace martlet
