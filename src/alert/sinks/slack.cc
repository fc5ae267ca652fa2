// An incoming webhook of Slack, or of one of those that understand the same (Mattermost, Rocket.Chat, Discord's
// /slack).
#include <nlohmann/json.hpp>

#include "alert/post.h"
#include "net/http.h"

namespace martlet {
namespace {

std::string_view colour(AlertLevel level) {
  return level == AlertLevel::critical ? "danger" : level == AlertLevel::warning ? "warning" : "good";
}

// What Slack reads as its own markup.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else {
      safe += c;
    }
  }
  return safe;
}

class Slack final : public Sink {
 public:
  explicit Slack(std::string url) : url_(std::move(url)) {}
  std::string where() const override { return web_origin(url_); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    const nlohmann::json message{{"text", escaped(alert.title())},
                                 {"attachments",
                                  {{{"color", colour(alert.level)},
                                    {"fallback", alert.title()},
                                    {"text", escaped(alert.details())},
                                    {"ts", std::chrono::system_clock::to_time_t(alert.at)}}}}};
    post_alert(url_, {"Content-Type: application/json"}, message.dump(), limits);
  }

 private:
  const std::string url_;
};

const Registered<SinkKind> kSlack{{.id = "slack",
                                   .help = "a message by an incoming webhook",
                                   .needs = {"url"},
                                   .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                     return std::make_unique<Slack>(url_of_sink(record));
                                   }}};

}  // namespace
}  // namespace martlet
