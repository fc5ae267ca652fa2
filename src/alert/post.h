// Alerts over HTTP.
#pragma once

#include <string>
#include <vector>

#include "alert/sink.h"

namespace martlet {

/// POSTs a text. An answer other than 2xx is an error that says it; one that may be another the next time (429, 5xx) is
/// Error{connection}.
void post_alert(const std::string& url, std::vector<std::string> headers, std::string body,
                const DeliveryLimits& limits);
/// The value of `url`, or an error at its place where it is no URL of HTTP.
std::string url_of_sink(const ConfigRecord& record);

}  // namespace martlet
