#include "cli/backup_settings.h"

#include <fmt/format.h>

#include "cli/target.h"
#include "run/backup_policy.h"

namespace martlet {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

std::optional<SealSecret> secret_of(const Config& config) {
  const std::string file = config.text("backup.key_file");
  const std::string passphrase = config.text("backup.passphrase");
  if (!file.empty() && !passphrase.empty()) {
    throw Error(ErrorKind::usage, "backup.key_file and backup.passphrase are both set")
        .next("set the one that backups are encrypted with");
  }
  if (!file.empty()) return read_key_file(file);
  if (!passphrase.empty()) return SealSecret{SealSecret::Kind::passphrase, passphrase};
  return std::nullopt;
}

// "s3://bucket/prefix"
S3Options s3_options(const Config& config) {
  const std::string place = config.text("backup.s3");
  if (place.empty()) return {};
  constexpr std::string_view kScheme = "s3://";
  const auto refuse = [&](std::string_view why) {
    const std::string source = config.source("backup.s3");
    return Error(ErrorKind::usage, fmt::format("backup.s3 is \"{}\" ({}): {}", place, source, why))
        .next("write it as s3://BUCKET/PREFIX");
  };
  if (!place.starts_with(kScheme)) throw refuse("it must begin with s3://");
  std::string_view path = std::string_view(place).substr(kScheme.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  S3Options options;
  options.bucket = path.substr(0, path.find('/'));
  if (options.bucket.size() < path.size()) options.prefix = path.substr(options.bucket.size() + 1);
  const bool odd = options.bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos;
  if (options.bucket.size() < 3 || odd) throw refuse("that is no name of a bucket");
  const std::string walled = "/" + options.prefix + "/";
  for (const std::string_view part : {"//", "/./", "/../"}) {
    if (!options.prefix.empty() && walled.find(part) != std::string::npos)
      throw refuse("a part of the prefix is empty or made of dots");
  }
  options.endpoint = config.text("backup.s3_endpoint");
  options.region = config.text("backup.s3_region");
  options.path_style =
      config.is_set("backup.s3_path_style") ? config.flag("backup.s3_path_style") : !options.endpoint.empty();
  options.credentials = {config.text("backup.s3_access_key"), config.text("backup.s3_secret_key"),
                         config.text("backup.s3_session_token")};
  return options;
}

}  // namespace

BackupSettings backup_settings(const Config& config) {
  BackupSettings settings;
  settings.store = {.folder = config.text("backup.dir"), .s3 = s3_options(config)};
  if (has_target(config)) {
    settings.url = direct_url(config);
    if (settings.url.empty()) settings.url = target_url(config);
  }
  settings.history = history_options(config);
  settings.who = target_identity(config);
  settings.environment = config.environment();
  settings.secret = secret_of(config);
  settings.with_owner = config.flag("backup.with_owner");
  return settings;
}

VerifyOptions verify_options(const Config& config, const std::string& level) {
  VerifyOptions options;
  if (!level.empty()) options.level = level_from(level);
  options.scratch_server = scratch_url(config);
  if (config.is_protected()) options.same_server = ScratchDatabase::SameServer::forbidden;
  return options;
}

std::shared_ptr<const BackupPolicy> backup_policy(const Context& context) {
  const Config& config = context.config;
  std::string when = config.text("backup.before");
  if (when.empty()) when = config.is_protected() ? "auto" : "never";
  if (when == "never") return nullptr;
  BackupPolicy policy{.when = when == "always" ? BackupPolicy::When::always : BackupPolicy::When::automatic};
  policy.skipped = context.arguments.has("skip-backup");
  policy.settings = backup_settings(config);
  const std::string level = config.text("backup.verify");
  if (level != "none") policy.verify = verify_options(config, level);
  return std::make_shared<const BackupPolicy>(std::move(policy));
}

std::string show_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < kMegabyte) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000);
  if (bytes < 1000 * kMegabyte) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / kMegabyte);
  return fmt::format("{:.2f} GB", static_cast<double>(bytes) / (1000 * kMegabyte));
}

nlohmann::ordered_json to_json(const Verification& verification) {
  return {{"level", level_name(verification.level)},
          {"at", verification.at},
          {"good", verification.good},
          {"problems", verification.problems}};
}

nlohmann::ordered_json to_json(const BackupInfo& info) {
  nlohmann::ordered_json json{{"file", info.file}, {"bytes", info.size}};
  if (!info.unreadable.empty()) {
    json["unreadable"] = info.unreadable;
    return json;
  }
  const BackupHeader& header = info.header;
  json["type"] = type_name(header.type);
  json["purpose"] = header.purpose;
  json["taken_at"] = header.taken_at;
  json["environment"] = header.environment;
  json["database"] = header.database;
  json["engine"] = header.engine;
  json["server_version"] = header.server_version;
  json["version"] = header.version;
  json["name"] = header.name;
  json["actor"] = header.actor;
  json["run_id"] = header.run_id;
  json["lsn"] = header.lsn;
  json["encrypted"] = header.encryption.has_value();
  json["with_owner"] = header.with_owner;
  json["pinned"] = info.notes.pinned;
  auto& verifications = json["verifications"] = nlohmann::ordered_json::array();
  for (const Verification& each : info.notes.verifications) verifications.push_back(to_json(each));
  return json;
}

BackupProgressLine::BackupProgressLine(Output& output, std::string title)
    : title_(std::move(title)),
      progress_(
          output.options().interactive && !output.options().json ? Progress::Where::terminal : Progress::Where::nowhere,
          static_cast<std::size_t>(output.options().width)) {}

BackupProgress BackupProgressLine::callback() {
  return [this](std::uint64_t done, std::uint64_t total) {
    if (shown_ == 0)
      progress_.begin({.title = title_, .unit = "MB", .total = static_cast<std::size_t>(total / kMegabyte)});
    if (done / kMegabyte == shown_ && shown_ != 0) return;
    shown_ = std::max<std::uint64_t>(1, done / kMegabyte);
    progress_.advance(std::min(shown_, std::max<std::uint64_t>(1, total / kMegabyte)));
  };
}

}  // namespace martlet
