// The alert as JSON (docs/alerts.md), to any address.
#include <nlohmann/json.hpp>

#include "alert/post.h"
#include "net/http.h"

namespace martlet {
namespace {

class Webhook final : public Sink {
 public:
  Webhook(std::string url, std::string header) : url_(std::move(url)), header_(std::move(header)) {}
  std::string where() const override { return web_origin(url_); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    std::vector<std::string> headers{"Content-Type: application/json"};
    if (!header_.empty()) headers.push_back(header_);
    post_alert(url_, std::move(headers), alert.json().dump(), limits);
  }

 private:
  const std::string url_, header_;
};

const Registered<SinkKind> kWebhook{{.id = "webhook",
                                     .help = "POSTs the alert as JSON",
                                     .needs = {"url"},
                                     .takes = {"header"},
                                     .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                       return std::make_unique<Webhook>(url_of_sink(record), record.text("header"));
                                     }}};

}  // namespace
}  // namespace martlet
