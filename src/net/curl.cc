#include "net/curl.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/cancel.h"

namespace martlet::net {
namespace {

constexpr int kBetweenQuestions = 100;  // ms

struct Multi {
  explicit Multi(CURL* one) : handle(curl_multi_init()), transfer(one) { curl_multi_add_handle(handle, transfer); }
  ~Multi() {
    curl_multi_remove_handle(handle, transfer);
    curl_multi_cleanup(handle);
  }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;
  CURLM* handle;
  CURL* transfer;
};

std::string advice(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "check the name of the host, and that this machine can resolve it";
    case CURLE_COULDNT_CONNECT:
      return "check host and port, that the service is up, and that no firewall stands between";
    case CURLE_OPERATION_TIMEDOUT:
      return "check that the service is up and not overloaded, and that no firewall stands between";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "check the certificate of the host; SSL_CERT_FILE names the file of a private authority's certificate";
    case CURLE_LOGIN_DENIED:
      return "check user and password";
    case CURLE_USE_SSL_FAILED:
      return "the server offers no TLS; say tls = \"none\" if passwords and mail may go there in the clear";
    default:
      return "check that the address is right and the service is up";
  }
}

}  // namespace

void* curl_function(const char* name) {
  static const SharedLibrary library = [] {
    SharedLibrary loaded({.file = "libcurl.so.4",
                          .purpose = "which speaks HTTP and SMTP",
                          .wanted = "libcurl 7.85 or newer (package libcurl4)",
                          .failure = ErrorKind::connection});
    reinterpret_cast<decltype(&::curl_global_init)>(loaded.function("curl_global_init"))(CURL_GLOBAL_DEFAULT);
    return loaded;
  }();
  return library.function(name);
}

CurlTransfer::CurlTransfer(std::string what, std::string where)
    : what_(std::move(what)), where_(std::move(where)), handle_(curl_easy_init()) {
  if (!handle_) throw Error(ErrorKind::internal, "libcurl cannot begin a transfer");
  set(CURLOPT_ERRORBUFFER, said_.data());
  set(CURLOPT_NOSIGNAL, 1L);  // signals belong to the program, not to one of its threads
  if (const char* authorities = std::getenv("SSL_CERT_FILE"); authorities && *authorities) {
    set(CURLOPT_CAINFO, authorities);
  }
}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(handle_);
}

void CurlTransfer::check(CURLcode code) const {
  if (code == CURLE_OK) return;
  throw Error(ErrorKind::connection,
              fmt::format("{} {}: libcurl refuses an option: {}", what_, where_, curl_easy_strerror(code)))
      .next("install libcurl 7.85 or newer (package libcurl4)");
}

void CurlTransfer::run(const Patience& patience) {
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.whole.count()));
  if (patience.silence.count() > 0) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>((patience.silence.count() + 999) / 1000));
  }
  const CURLcode code = drive(patience);
  if (code != CURLE_OK) throw failure(code);
}

CURLcode CurlTransfer::drive(const Patience& patience) {
  const Multi multi(handle_);
  for (int running = 1; running > 0;) {
    if (curl_multi_perform(multi.handle, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (patience.stop && patience.stop()) return CURLE_ABORTED_BY_CALLBACK;
    curl_waitfd woken{cancel::descriptor(), CURL_WAIT_POLLIN, 0};
    const bool listens = patience.stop && !cancel::requested();  // who goes on in spite of it must not spin
    curl_multi_poll(multi.handle, &woken, listens ? 1 : 0, kBetweenQuestions, nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi.handle, &left);
  return message ? message->data.result : CURLE_FAILED_INIT;
}

// libcurl's own words name hosts and ports, no paths and no passwords.
Error CurlTransfer::failure(CURLcode code) const {
  const std::string at = fmt::format("{} {}", what_, where_);
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error(ErrorKind::cancelled, at + ": cancelled");
  const char* said = said_[0] != '\0' ? said_.data() : curl_easy_strerror(code);
  return Error(ErrorKind::connection, fmt::format("{}: {}", at, said)).next(advice(code));
}

long CurlTransfer::status() const {
  long code = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

}  // namespace martlet::net
