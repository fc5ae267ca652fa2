// A text for whoever asks over HTTP on this machine.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace martlet {

/// Listens on a loopback address only: who wants it from elsewhere puts a proxy before it that asks who they are.
class LoopbackServer {
 public:
  /// "127.0.0.1:9187", "[::1]:9187", "localhost:9187"; port 0 = any that is free. Throws Error{usage} for another
  /// address, and where it cannot be had.
  explicit LoopbackServer(std::string_view address);

  /// "http://127.0.0.1:9187"
  const std::string& url() const { return url_; }
  /// Answers GET of `path` with what `text` gives, one client after the other, none for longer than a few seconds.
  /// Throws Error{cancelled} after Ctrl-C.
  [[noreturn]] void serve(std::string_view path, std::string_view content_type,
                          const std::function<std::string()>& text);

 private:
  Descriptor socket_;
  std::string url_;
};

}  // namespace martlet
