// A line of JSON for each alert, at the end of a file.
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "alert/sink.h"
#include "base/descriptor.h"

namespace martlet {
namespace {

class File final : public Sink {
 public:
  explicit File(std::string path) : path_(std::move(path)) {}
  std::string where() const override { return "the file " + path_; }
  void send(const Alert& alert, const DeliveryLimits&) override {
    const Descriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (file.is_open() && file.write(alert.json().dump() + "\n")) return;
    throw Error(ErrorKind::usage, fmt::format("cannot write to {}: {}", path_, std::strerror(errno)))
        .next("make its folder, or allow writing there");
  }

 private:
  const std::string path_;
};

const Registered<SinkKind> kFile{{.id = "file",
                                  .help = "a line of JSON at the end of a file (mode 0600)",
                                  .needs = {"path"},
                                  .make = [](const ConfigRecord& record) -> std::unique_ptr<Sink> {
                                    return std::make_unique<File>(record.text("path"));
                                  }}};

}  // namespace
}  // namespace martlet
