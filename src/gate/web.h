// What gates ask over HTTP.
#pragma once

#include <string>

#include "gate/gate.h"
#include "net/http.h"

namespace martlet {

struct TimedResponse {
  HttpResponse response;
  double ms = 0;
};

/// GET, with the gate's header and timeout. Throws as send_http does.
TimedResponse fetch(const Gate& gate, const std::string& url);

/// The value at "a.b.0.c" of a JSON text: texts as they are, others as JSON writes them; nullopt where there is none,
/// or null. Throws Error{refused} where the text is no JSON.
std::optional<std::string> json_at(const std::string& text, const std::string& path);

}  // namespace martlet
