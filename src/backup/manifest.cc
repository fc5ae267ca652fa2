#include "backup/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/error.h"

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

template <class Read>
auto read_json(std::string_view text, std::string_view what, Read read) {
  try {
    return read(Json::parse(text));
  } catch (const nlohmann::json::exception& problem) {
    throw Error(ErrorKind::validation, fmt::format("the {} cannot be read: {}", what, problem.what()));
  }
}

std::string write_json(const Json& json) {
  try {
    return json.dump();
  } catch (const nlohmann::json::exception&) {  // names in a database without an encoding
    throw Error(ErrorKind::validation, "a name in this database is not text in UTF-8, and the manifest cannot hold it")
        .leaves("nothing was changed")
        .next("rename the table, or take the backup with --no-sums");
  }
}

Json encryption_json(const Encryption& encryption) {
  return {{"cipher", "xchacha20poly1305-secretstream"},
          {"kdf", encryption.key.algorithm},
          {"salt", to_hex(encryption.key.salt)},
          {"operations", encryption.key.operations},
          {"memory", encryption.key.memory},
          {"key_check", encryption.key_check},
          {"stream_header", to_hex(encryption.stream_header)}};
}

Encryption encryption_from(const Json& json) {
  Encryption encryption;
  encryption.key.algorithm = json.at("kdf");
  encryption.key.salt = from_hex(json.at("salt").get<std::string>());
  encryption.key.operations = json.at("operations");
  encryption.key.memory = json.at("memory");
  encryption.key_check = json.at("key_check");
  encryption.stream_header = from_hex(json.at("stream_header").get<std::string>());
  return encryption;
}

ContentSum sum_from(const Json& json) {
  ContentSum sum;
  sum.rows = json.at("rows");
  if (!sum.parse(json.at("sum").get<std::string>())) {
    throw Error(ErrorKind::validation, "the manifest has a sum that is none");
  }
  return sum;
}

Json contents_json(const Contents& contents) {
  Json tables = Json::array(), sequences = Json::array();
  for (const TableContent& table : contents.tables) {
    tables.push_back({{"schema", table.schema},
                      {"name", table.name},
                      {"statement", table.statement},
                      {"rows", table.sum.rows},
                      {"sum", table.sum.text()}});
  }
  for (const SequenceContent& sequence : contents.sequences) {
    sequences.push_back({{"schema", sequence.schema},
                         {"name", sequence.name},
                         {"last_value", sequence.last_value},
                         {"is_called", sequence.is_called}});
  }
  return {{"summed", contents.summed},
          {"seed", fmt::format("{:016x}", contents.seed)},
          {"tables", tables},
          {"sequences", sequences},
          {"large_objects", {{"rows", contents.large_objects.rows}, {"sum", contents.large_objects.text()}}}};
}

Contents contents_from(const Json& json) {
  Contents contents;
  contents.summed = json.at("summed");
  contents.seed = std::stoull(json.at("seed").get<std::string>(), nullptr, 16);
  for (const Json& table : json.at("tables")) {
    contents.tables.push_back({table.at("schema"), table.at("name"), table.at("statement"), sum_from(table)});
  }
  for (const Json& sequence : json.at("sequences")) {
    contents.sequences.push_back(
        {sequence.at("schema"), sequence.at("name"), sequence.at("last_value"), sequence.at("is_called")});
  }
  contents.large_objects = sum_from(json.at("large_objects"));
  return contents;
}

}  // namespace

std::string_view type_name(BackupType type) {
  if (type == BackupType::schema) return "schema";
  return type == BackupType::data ? "data" : "full";
}

BackupType type_from(std::string_view name) {
  for (const BackupType type : {BackupType::full, BackupType::schema, BackupType::data}) {
    if (type_name(type) == name) return type;
  }
  throw Error(ErrorKind::usage, fmt::format("there is no backup of type \"{}\"", name))
      .next("take a `full`, a `schema` or a `data` backup");
}

std::uint64_t Contents::rows() const {
  std::uint64_t all = 0;
  for (const TableContent& table : tables) all += table.sum.rows;
  return all;
}

std::string BackupHeader::json() const {
  Json json{{"tool_version", tool_version},
            {"engine", engine},
            {"server_version", server_version},
            {"dump_version", dump_version},
            {"environment", environment},
            {"database", database},
            {"type", type_name(type)},
            {"name", name},
            {"purpose", purpose},
            {"taken_at", taken_at},
            {"version", version},
            {"run_id", run_id},
            {"actor", actor},
            {"host", host},
            {"lsn", lsn},
            {"with_owner", with_owner},
            {"compression", "zstd"},
            {"settings", settings}};
  if (encryption) json["encryption"] = encryption_json(*encryption);
  return write_json(json);
}

BackupHeader BackupHeader::parse(std::string_view text) {
  return read_json(text, "header", [](const Json& json) {
    BackupHeader header;
    header.tool_version = json.at("tool_version");
    header.engine = json.at("engine");
    header.server_version = json.at("server_version");
    header.dump_version = json.at("dump_version");
    header.environment = json.at("environment");
    header.database = json.at("database");
    header.type = type_from(json.at("type").get<std::string>());
    header.name = json.at("name");
    header.purpose = json.at("purpose");
    header.taken_at = json.at("taken_at");
    header.version = json.at("version");
    header.run_id = json.at("run_id");
    header.actor = json.at("actor");
    header.host = json.at("host");
    header.lsn = json.at("lsn");
    header.with_owner = json.at("with_owner");
    header.settings = json.at("settings").get<std::map<std::string, std::string>>();
    if (json.contains("encryption")) header.encryption = encryption_from(json.at("encryption"));
    return header;
  });
}

std::string Manifest::json() const {
  return write_json({{"plain_sha256", plain_sha256},
                     {"plain_bytes", plain_bytes},
                     {"stored_sha256", stored_sha256},
                     {"contents", contents_json(contents)}});
}

Manifest Manifest::parse(std::string_view text) {
  return read_json(text, "manifest", [](const Json& json) {
    return Manifest{json.at("plain_sha256"), json.at("plain_bytes"), json.at("stored_sha256"),
                    contents_from(json.at("contents"))};
  });
}

}  // namespace martlet
