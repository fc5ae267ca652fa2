#include "backup/notes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace martlet {

using Json = nlohmann::ordered_json;

std::string_view level_name(VerifyLevel level) {
  if (level == VerifyLevel::restore) return "restore";
  return level == VerifyLevel::content ? "content" : "structure";
}

VerifyLevel level_from(std::string_view name) {
  for (const VerifyLevel level : {VerifyLevel::structure, VerifyLevel::restore, VerifyLevel::content}) {
    if (level_name(level) == name) return level;
  }
  throw Error(ErrorKind::usage, fmt::format("there is no level of verification \"{}\"", name))
      .next("say structure, restore or content");
}

std::optional<VerifyLevel> BackupNotes::proven() const {
  std::optional<VerifyLevel> best;
  for (const Verification& each : verifications) {
    if (!each.good) {
      best.reset();
    } else if (!best || each.level > *best) {
      best = each.level;
    }
  }
  return best;
}

std::string notes_file(std::string_view backup) {
  return std::string(backup) + ".json";
}

std::string notes_text(const BackupNotes& notes) {
  Json verifications = Json::array();
  for (const Verification& each : notes.verifications) {
    verifications.push_back(
        {{"level", level_name(each.level)}, {"at", each.at}, {"good", each.good}, {"problems", each.problems}});
  }
  return Json{{"pinned", notes.pinned}, {"verifications", verifications}}.dump(2) + "\n";
}

BackupNotes parse_notes(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    BackupNotes notes{.pinned = json.at("pinned")};
    for (const Json& each : json.at("verifications")) {
      notes.verifications.push_back({level_from(each.at("level").get<std::string>()), each.at("at"), each.at("good"),
                                     each.at("problems").get<std::vector<std::string>>()});
    }
    return notes;
  } catch (const nlohmann::json::exception& problem) {
    throw Error(ErrorKind::validation, fmt::format("the notes of a backup cannot be read: {}", problem.what()));
  }
}

}  // namespace martlet
