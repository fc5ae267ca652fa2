// Sentry's envelopes: an exception for what went wrong, and a transaction for each run that is over.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "alert/post.h"
#include "base/digest.h"
#include "net/http.h"

namespace martlet {
namespace {

using nlohmann::json;

double seconds(Alert::Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// "https://KEY@host/prefix/PROJECT" → where envelopes go, and the key that is sent with them.
struct Dsn {
  std::string url, key;
};

Dsn parse_dsn(const ConfigRecord& record) {
  const std::string text = url_of_sink(record);
  const std::size_t at = text.find('@'), begin = text.find("://") + 3, slash = text.rfind('/');
  const bool whole = at != std::string::npos && slash > at && slash + 1 < text.size();
  if (!whole) {
    throw record.wrong("url", "url is no DSN of Sentry")
        .next("write it as https://KEY@host/PROJECT, as Sentry shows it");
  }
  const std::string key = text.substr(begin, at - begin);
  return {.url = fmt::format("{}{}/api/{}/envelope/", text.substr(0, begin), text.substr(at + 1, slash - at - 1),
                             text.substr(slash + 1)),
          .key = key.substr(0, key.find(':'))};
}

json tags(const Alert& alert) {
  return {{"trigger", alert.trigger},
          {"database", alert.origin.database},
          {"migration", alert.migration},
          {"run_id", alert.origin.run_id}};
}

json common(const Alert& alert) {
  json event{{"event_id", random_hex(16)},
             {"platform", "native"},
             {"release", "martlet@" MARTLET_VERSION},
             {"server_name", alert.origin.host},
             {"tags", tags(alert)},
             {"user", {{"username", alert.origin.actor}}},
             {"extra", alert.json()}};
  if (!alert.origin.environment.empty()) event["environment"] = alert.origin.environment;
  return event;
}

json exception(const Alert& alert) {
  json event = common(alert);
  event["timestamp"] = seconds(alert.at);
  event["level"] = alert.level == AlertLevel::critical ? "error" : level_word(alert.level);
  event["logger"] = "martlet";
  event["exception"]["values"] = json::array({{{"type", alert.what}, {"value", alert.text}}});
  event["fingerprint"] = {"martlet", alert.trigger, alert.migration};
  return event;
}

// The run, with a span for each migration.
json transaction(const Alert& alert) {
  const std::string trace = random_hex(16), root = random_hex(8);
  const bool good = alert.trigger == "succeeded";
  json event = common(alert);
  event["type"] = "transaction";
  event["transaction"] = "martlet " + alert.origin.command;
  event["start_timestamp"] = seconds(alert.begun);
  event["timestamp"] = seconds(alert.at);
  event["contexts"]["trace"] = {
      {"trace_id", trace}, {"span_id", root}, {"op", "migration"}, {"status", good ? "ok" : "internal_error"}};
  json& spans = event["spans"] = json::array();
  for (const Alert::Part& part : alert.parts) {
    spans.push_back({{"trace_id", trace},
                     {"parent_span_id", root},
                     {"span_id", random_hex(8)},
                     {"op", "migration"},
                     {"description", part.name},
                     {"start_timestamp", seconds(part.begun)},
                     {"timestamp", seconds(part.ended)}});
  }
  return event;
}

class Sentry final : public Sink {
 public:
  explicit Sentry(Dsn dsn) : dsn_(std::move(dsn)) {}
  std::string where() const override { return web_origin(dsn_.url); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    if (alert.trigger != "succeeded") deliver("event", exception(alert), alert, limits);
    if (alert.trigger == "succeeded" || alert.trigger == "failed") {
      deliver("transaction", transaction(alert), alert, limits);
    }
  }

 private:
  void deliver(std::string_view type, const json& event, const Alert& alert, const DeliveryLimits& limits) const {
    const std::string payload = event.dump();
    const json head{{"event_id", event["event_id"]}, {"sent_at", alert_time(alert.at)}};
    const json item{{"type", type}, {"content_type", "application/json"}, {"length", payload.size()}};
    post_alert(
        dsn_.url,
        {"Content-Type: application/x-sentry-envelope",
         fmt::format("X-Sentry-Auth: Sentry sentry_version=7, sentry_client=martlet/" MARTLET_VERSION ", sentry_key={}",
                     dsn_.key)},
        fmt::format("{}\n{}\n{}\n", head.dump(), item.dump(), payload), limits);
  }

  const Dsn dsn_;
};

const Registered<SinkKind> kSentry{{.id = "sentry",
                                    .help = "an exception for each alert, a transaction for `succeeded` and `failed`",
                                    .needs = {"url"},
                                    .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                      return std::make_unique<Sentry>(parse_dsn(record));
                                    }}};

}  // namespace
}  // namespace martlet
