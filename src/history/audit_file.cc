#include "history/audit_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "history/audit_chain.h"

namespace martlet {
namespace {

// The whole lines of the file; what a crash cut short at its end is no line.
std::string_view whole_lines(std::string_view content) {
  const std::size_t end = content.rfind('\n');
  return end == std::string_view::npos ? std::string_view{} : content.substr(0, end + 1);
}

std::string content_of(const std::filesystem::path& path) {
  return std::filesystem::exists(path) ? read_file(path) : std::string{};
}

AuditFile parse(std::string_view content, const std::filesystem::path& path) {
  AuditFile file;
  int number = 0;
  for (const std::string& line : split_lines(whole_lines(content))) {
    ++number;
    if (auto event = read_audit_line(line)) {
      file.events.push_back(std::move(*event));
    } else if (auto checkpoint = Checkpoint::read(line)) {
      file.checkpoints.push_back(std::move(*checkpoint));
    } else {
      throw Error(ErrorKind::validation, "this line is neither an event nor a checkpoint")
          .at({path.string(), number})
          .next("the copy was damaged or changed: compare it with another copy");
    }
  }
  return file;
}

}  // namespace

std::string Checkpoint::signed_text() const {
  return fmt::format("martlet audit checkpoint\n{}\n{}\n{}\n{}", number, hash, at, database);
}

Checkpoint Checkpoint::make(const AuditEvent& last, std::string database, const SigningKey& key) {
  Checkpoint made{.number = last.number, .hash = last.hash, .at = last.at, .database = std::move(database)};
  made.public_key = key.public_key();
  made.signature = key.sign(made.signed_text());
  return made;
}

bool Checkpoint::holds() const {
  return is_signed_by(public_key, signed_text(), signature);
}

std::string Checkpoint::line() const {
  const nlohmann::ordered_json json{
      {"checkpoint", number},     {"hash", hash},          {"at", at}, {"database", database},
      {"public_key", public_key}, {"signature", signature}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<Checkpoint> Checkpoint::read(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || json.size() != 6) return std::nullopt;
  try {
    return Checkpoint{json.at("checkpoint").get<long long>(),   json.at("hash").get<std::string>(),
                      json.at("at").get<std::string>(),         json.at("database").get<std::string>(),
                      json.at("public_key").get<std::string>(), json.at("signature").get<std::string>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

AuditFile AuditFile::read(const std::filesystem::path& path) {
  return parse(content_of(path), path);
}

std::string audit_export(const std::vector<AuditEvent>& events, const std::string& database,
                         const std::optional<SigningKey>& key) {
  std::string text;
  for (auto event = events.rbegin(); event != events.rend(); ++event) text += audit_line(*event) + "\n";
  if (key && !events.empty()) text += Checkpoint::make(events.front(), database, *key).line() + "\n";
  return text;
}

}  // namespace martlet
