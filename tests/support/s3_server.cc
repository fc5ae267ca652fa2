#include "tests/support/s3_server.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/files.h"
#include "base/text.h"

namespace martlet::testing {
namespace {

// As the server names its files.
std::string quoted(const std::string& key) {
  return s3_encoded(key, S3Slash::encoded);
}

std::string unquoted(std::string name) {
  for (std::size_t at = name.find("%2F"); at != std::string::npos; at = name.find("%2F")) name.replace(at, 3, "/");
  return name;
}

}  // namespace

S3Server::S3Server(const std::string& token)
    : process_(
          {.arguments = {"/usr/bin/python3", "-B", MARTLET_SOURCE_DIR "/tests/support/s3_server.py", folder_.path()},
           .environment = {{"S3_TOKEN", token.empty() ? std::nullopt : std::optional<std::string>(token)}}}) {
  setenv("no_proxy", "127.0.0.1,localhost", 1);
  const bool listens =
      eventually([&] { return process_.out().find('\n') != std::string::npos || !process_.running(); });
  if (!listens || !process_.running()) throw std::runtime_error("the store did not start: " + process_.err());
  port_ = std::stoi(process_.out());
}

std::string S3Server::endpoint() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

StoreOptions S3Server::options(std::string prefix) const {
  return {.s3 = {.bucket = "backups",
                 .prefix = std::move(prefix),
                 .endpoint = endpoint(),
                 .region = "eu-test-1",
                 .path_style = true,
                 .credentials = {"AKIDTEST", "s3cret/of+the=test", ""}}};
}

Environment S3Server::environment() const {
  return {{"MARTLET_BACKUP_S3", "s3://backups/prod"},
          {"MARTLET_BACKUP_S3_ENDPOINT", endpoint()},
          {"AWS_REGION", "eu-test-1"},
          {"AWS_ACCESS_KEY_ID", "AKIDTEST"},
          {"AWS_SECRET_ACCESS_KEY", "s3cret/of+the=test"},
          {"AWS_SESSION_TOKEN", std::nullopt}};
}

void S3Server::faults(std::string_view plan) const {
  folder_.write("faults", plan);
}

void S3Server::age_uploads(int hours) const {
  folder_.write("hours", std::to_string(hours));
}

std::vector<std::string> S3Server::objects() const {
  std::vector<std::string> names;
  for (const std::string& name : list_folder(folder_ / "objects")) names.push_back(unquoted(name));
  return names;
}

std::string S3Server::content(const std::string& key) const {
  return folder_.read("objects/" + quoted(key));
}

void S3Server::put(const std::string& key, std::string_view content) const {
  folder_.write("objects/" + quoted(key), content);
}

std::vector<std::string> S3Server::log() const {
  return std::filesystem::exists(folder_ / "log") ? split_lines(folder_.read("log")) : std::vector<std::string>();
}

std::size_t S3Server::asked(const std::vector<std::string_view>& parts) const {
  const std::vector<std::string> lines = log();
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return line.find(part) != std::string::npos; });
  }));
}

}  // namespace martlet::testing
