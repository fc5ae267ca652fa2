// PagerDuty's Events API, version 2: one incident a database, which a run that succeeds closes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "alert/post.h"
#include "net/http.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestSummary = 1024;  // the API's own limit

class PagerDuty final : public Sink {
 public:
  PagerDuty(std::string url, std::string key) : url_(std::move(url)), key_(std::move(key)) {}
  std::string where() const override { return web_origin(url_); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    nlohmann::json event{{"routing_key", key_},
                         {"event_action", alert.trigger == "succeeded" ? "resolve" : "trigger"},
                         {"dedup_key", fmt::format("martlet/{}/{}", alert.origin.environment, alert.origin.database)}};
    event["payload"] = {{"summary", alert.title().substr(0, kLongestSummary)},
                        {"source", alert.origin.host},
                        {"severity", level_word(alert.level)},
                        {"timestamp", alert_time(alert.at)},
                        {"component", alert.origin.database},
                        {"class", alert.trigger},
                        {"custom_details", alert.json()}};
    post_alert(url_, {"Content-Type: application/json"}, event.dump(), limits);
  }

 private:
  const std::string url_, key_;
};

const Registered<SinkKind> kPagerDuty{{.id = "pagerduty",
                                       .help = "an incident; `succeeded` resolves it",
                                       .needs = {"key"},
                                       .takes = {"url"},
                                       .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                         const bool own = record.is_set("url");
                                         return std::make_unique<PagerDuty>(
                                             own ? url_of_sink(record) : "https://events.pagerduty.com/v2/enqueue",
                                             record.text("key"));
                                       }}};

}  // namespace
}  // namespace martlet
