#include "base/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/secret.h"

namespace martlet::log {
namespace {

std::unique_ptr<spdlog::logger>& logger() {
  static std::unique_ptr<spdlog::logger> instance;
  return instance;
}

void write(spdlog::level::level_enum level, std::string_view text) noexcept {
  try {
    if (logger()) logger()->log(level, "{}", mask_passwords(text));
  } catch (const std::exception&) {
    logger().reset();
  }
}

// spdlog would make the file readable for everybody.
void make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool fine = file >= 0 && fchmod(file, 0600) == 0;
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (!fine)
    throw Error(ErrorKind::usage, fmt::format("cannot write the log {}: {}", path, std::strerror(reason)))
        .next("correct log.file, or make the folder");
}

std::string event_text(const Event& event) {
  std::string text(event_name(event.kind));
  if (!event.migration.empty()) text += " " + event.migration;
  if (event.total > 0) text += fmt::format(" {}/{}", event.done, event.total);
  if (event.place.known()) text += " " + event.place.text();
  if (event.elapsed.count() > 0) text += fmt::format(" {} ms", event.elapsed.count());
  if (!event.text.empty()) text += ": " + event.text;
  return text;
}

bool is_alarm(EventKind kind) {
  switch (kind) {
    case EventKind::warning:
    case EventKind::retrying:
    case EventKind::migration_failed:
    case EventKind::gate_failed:
    case EventKind::integrity_violated:
    case EventKind::rolled_back:
    case EventKind::rollback_refused:
    case EventKind::backup_failed:
    case EventKind::restored:
    case EventKind::overridden:
      return true;
    default:
      return false;
  }
}

}  // namespace

void open(const std::string& path) {
  make_private(path);
  try {
    auto made = std::make_unique<spdlog::logger>("martlet", std::make_shared<spdlog::sinks::basic_file_sink_st>(path));
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %P %l %v");
    made->flush_on(spdlog::level::info);
    made->set_error_handler([](const std::string&) {});
    logger() = std::move(made);
  } catch (const spdlog::spdlog_ex& problem) {
    throw Error(ErrorKind::usage, fmt::format("cannot write the log {}: {}", path, problem.what()));
  }
}

void info(std::string_view text) noexcept {
  write(spdlog::level::info, text);
}

void error(const Error& error) noexcept {
  if (!logger()) return;
  std::string text(kind_name(error.kind));
  if (error.place.known()) text += " " + error.place.text();
  text += ": " + error.message;
  for (const std::string* part : {&error.sqlstate, &error.detail, &error.statement, &error.state}) {
    if (!part->empty()) text += " | " + *part;
  }
  write(spdlog::level::err, text);
}

void subscribe(Events& events) {
  if (!logger()) return;
  events.subscribe([](const Event& event) {
    if (event.kind == EventKind::statement_progress) return;  // four lines a second tell nothing afterwards
    write(is_alarm(event.kind) ? spdlog::level::warn : spdlog::level::info, event_text(event));
  });
}

}  // namespace martlet::log
