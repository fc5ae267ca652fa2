// systemd's journal, by its native protocol: fields in one datagram.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "alert/sink.h"
#include "base/descriptor.h"

namespace martlet {
namespace {

constexpr std::string_view kSocket = "/run/systemd/journal/socket";

// syslog's numbers: critical, warning, informational.
std::string priority(AlertLevel level) {
  return level == AlertLevel::critical ? "2" : level == AlertLevel::warning ? "4" : "6";
}

// A value of several lines is written with its length before it, as 64 bits, least significant byte first.
void add(std::string& datagram, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  if (value.find('\n') == std::string::npos) {
    datagram += fmt::format("{}={}\n", name, value);
    return;
  }
  datagram += fmt::format("{}\n", name);
  for (std::size_t size = value.size(), i = 0; i < 8; ++i, size >>= 8) datagram += static_cast<char>(size & 0xFF);
  datagram += value + "\n";
}

std::string datagram_of(const Alert& alert) {
  std::string datagram;
  add(datagram, "MESSAGE", alert.title() + "\n" + alert.details());
  add(datagram, "PRIORITY", priority(alert.level));
  add(datagram, "SYSLOG_IDENTIFIER", "martlet");
  add(datagram, "MARTLET_TRIGGER", alert.trigger);
  add(datagram, "MARTLET_ENVIRONMENT", alert.origin.environment);
  add(datagram, "MARTLET_DATABASE", alert.origin.database);
  add(datagram, "MARTLET_MIGRATION", alert.migration);
  add(datagram, "MARTLET_RUN_ID", alert.origin.run_id);
  return datagram;
}

class Journal final : public Sink {
 public:
  explicit Journal(std::string path) : path_(std::move(path)) {}
  std::string where() const override { return "the journal at " + path_; }
  void send(const Alert& alert, const DeliveryLimits&) override {
    sockaddr_un address{.sun_family = AF_UNIX};
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const std::string datagram = datagram_of(alert);
    const ssize_t sent = ::sendto(socket.number(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    if (sent >= 0) return;
    if (errno == EAGAIN) throw Error(ErrorKind::connection, where() + " takes no more for now");
    throw Error(ErrorKind::refused, fmt::format("{} cannot be reached: {}", where(), std::strerror(errno)))
        .next("systemd must run here; without it, use a sink of the kind file");
  }

 private:
  const std::string path_;
};

std::unique_ptr<Sink> make(const ConfigRecord& record) {
  const std::string path = record.is_set("path") ? record.text("path") : std::string(kSocket);
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    throw record.wrong("path", "path is too long for a socket").next("leave it out: the journal's own is known");
  }
  return std::make_unique<Journal>(path);
}

const Registered<SinkKind> kJournal{
    {.id = "journal", .help = "systemd's journal (`journalctl -t martlet`)", .takes = {"path"}, .make = make}};

}  // namespace
}  // namespace martlet
