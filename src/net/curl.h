// libcurl, loaded when it is first called (base/shared_library.h). Inside this namespace its functions are called by
// their own names; the types and constants are those of <curl/curl.h>.
#pragma once

#include <curl/curl.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/shared_library.h"

#undef curl_easy_setopt  // macros that only count the arguments
#undef curl_easy_getinfo

namespace martlet::net {

/// The address of a function of libcurl. Throws Error{connection} naming the package where the library is missing.
void* curl_function(const char* name);

#define MARTLET_CURL(function) inline constinit LibraryFunction<decltype(::function), curl_function> function(#function)

MARTLET_CURL(curl_easy_cleanup);
MARTLET_CURL(curl_easy_getinfo);
MARTLET_CURL(curl_easy_init);
MARTLET_CURL(curl_easy_setopt);
MARTLET_CURL(curl_easy_strerror);
MARTLET_CURL(curl_multi_add_handle);
MARTLET_CURL(curl_multi_cleanup);
MARTLET_CURL(curl_multi_info_read);
MARTLET_CURL(curl_multi_init);
MARTLET_CURL(curl_multi_perform);
MARTLET_CURL(curl_multi_poll);
MARTLET_CURL(curl_multi_remove_handle);
MARTLET_CURL(curl_slist_append);
MARTLET_CURL(curl_slist_free_all);

#undef MARTLET_CURL

/// A list of texts for libcurl.
class CurlList {
 public:
  CurlList() = default;
  ~CurlList() { curl_slist_free_all(list_); }
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;
  void add(const std::string& text) { list_ = curl_slist_append(list_, text.c_str()); }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

/// How long a transfer may take, and who may end it.
struct Patience {
  Milliseconds connect{5'000};
  Milliseconds whole{15'000};  // from the beginning to the last byte; 0 = as long as bytes come
  Milliseconds silence{0};     // without any byte either way; 0 = no limit
  /// Asked ten times a second, and at once after Ctrl-C; true ends the transfer.
  std::function<bool()> stop;
};

/// One transfer, of one thread.
class CurlTransfer {
 public:
  /// `what` and `where` are named by errors: "POST", "https://hooks.example.com". Throws Error{connection} where there
  /// is no libcurl.
  CurlTransfer(std::string what, std::string where);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    check(curl_easy_setopt(handle_, option, value));
  }
  /// Runs it to its end. Throws Error{connection} saying what failed, where, and what to look at; Error{cancelled}
  /// where `patience.stop` said so.
  void run(const Patience& patience);
  long status() const;

 private:
  void check(CURLcode code) const;
  CURLcode drive(const Patience& patience);
  Error failure(CURLcode code) const;

  const std::string what_, where_;
  CURL* handle_;
  std::array<char, CURL_ERROR_SIZE> said_{};
};

}  // namespace martlet::net
