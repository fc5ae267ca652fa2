// A mail.
#include "net/smtp.h"

#include "alert/sink.h"
#include "base/text.h"

namespace martlet {
namespace {

class MailSink final : public Sink {
 public:
  MailSink(MailServer server, std::string from, std::vector<std::string> to)
      : server_(std::move(server)), from_(std::move(from)), to_(std::move(to)) {}
  std::string where() const override { return mail_origin(server_.url) + " to " + join(to_, ", "); }
  void send(const Alert& alert, const DeliveryLimits& limits) override {
    MailServer server = server_;
    server.timeout = limits.timeout;
    server.stop = limits.stop;
    send_mail(server,
              {.from = from_, .to = to_, .subject = "martlet: " + alert.title(), .text = alert.details() + "\n"});
  }

 private:
  const MailServer server_;
  const std::string from_;
  const std::vector<std::string> to_;
};

// What is wrong with a value is said where it stands.
template <class Check>
void checked(const ConfigRecord& record, std::string_view key, const Check& check) {
  try {
    check(record.text(key));
  } catch (Error& error) {
    throw error.place.known() ? error : error.at(record.place_of(key));
  }
}

std::unique_ptr<Sink> make(const ConfigRecord& record) {
  checked(record, "url", [](const std::string& url) { mail_origin(url, "url"); });
  checked(record, "from", [](const std::string& from) { check_mail_address(from, "from"); });
  checked(record, "to", [](const std::string& list) {
    for (const std::string& each : split_list(list)) check_mail_address(each, "to");
  });
  return std::make_unique<MailSink>(MailServer{.url = record.text("url"),
                                               .user = record.text("user"),
                                               .password = record.text("password"),
                                               .tls = record.text("tls") == "none" ? MailTls::none : MailTls::required},
                                    record.text("from"), split_list(record.text("to")));
}

const Registered<SinkKind> kMail{{.id = "smtp",
                                  .help = "a mail",
                                  .needs = {"url", "from", "to"},
                                  .takes = {"user", "password", "tls"},
                                  .make = make}};

}  // namespace
}  // namespace martlet
