#include "plan/digest.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "schema/description.h"

namespace martlet {
namespace {

constexpr std::size_t kDigits = 8;

std::string part(const std::string& text) {
  return sha256_hex(text).substr(0, kDigits);
}

bool is_part(std::string_view text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "column martlet.journal.step" belongs to the table martlet.journal.
bool is_own(std::string_view object, const HistoryNames& own) {
  const std::size_t space = object.find(' ');
  const std::string_view name = space == std::string_view::npos ? object : object.substr(space + 1);
  if (name == own.raw_schema) return true;
  for (const std::string& each : own.raw_tables()) {
    const std::string table = own.raw_schema + "." + each;
    const bool begins = name.starts_with(table);
    if (begins && (name.size() == table.size() || name[table.size()] == '.' || name[table.size()] == '_')) return true;
  }
  return false;
}

}  // namespace

std::string PlanDigest::text() const {
  return fmt::format("{}-{}-{}-{}", files, catalog, steps, target);
}

PlanDigest PlanDigest::parse(const std::string& text) {
  const std::vector<std::string> parts = split_list(text, '-');
  bool good = parts.size() == 4;
  for (const std::string& each : parts) good = good && is_part(each);
  if (good) return {parts[0], parts[1], parts[2], parts[3]};
  throw Error(ErrorKind::usage, fmt::format("\"{}\" is not the digest of a plan", text))
      .leaves("nothing was run")
      .next("copy it from the last line of `martlet plan`: four groups of eight digits");
}

std::string PlanDigest::changes(const PlanDigest& now) const {
  std::vector<std::string> changed;
  if (target != now.target) changed.push_back("the database (it was made for another one)");
  if (files != now.files) changed.push_back("the files that are pending");
  if (catalog != now.catalog) changed.push_back("the schema");
  if (steps != now.steps) changed.push_back("the steps that follow from files, schema, sizes and settings");
  return join(changed, ", ");
}

std::string catalog_fingerprint(const Catalog& catalog, const HistoryNames& own) {
  std::string text;
  for (const auto& [name, object] : describe(catalog)) {
    if (is_own(name, own)) continue;
    text += name + "\n";
    for (const auto& [fact, value] : object.facts) text += "\t" + fact + "\t" + value.value + "\n";
  }
  return part(text);
}

std::string target_fingerprint(Connection& connection) {
  const Result found = connection.execute(
      "SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text || '/' || current_database()");
  return part(found.rows.at(0).at(0).value_or(""));
}

PlanDigest digest_of(std::span<const PlannedMigration> migrations, std::string catalog, std::string target) {
  std::string files, steps;
  for (const PlannedMigration& migration : migrations) {
    files += migration.id + "\t" + migration.checksum + "\n";
    for (const PlannedStep& each : migration.steps) {
      steps += fmt::format("{}\t{}\t{}\t{}\n{}\n", phase_name(each.phase), migration.stepwise ? each.transaction : 0,
                           each.batch.has_value(), each.traits.transactional(), each.statement.text);
    }
  }
  return {part(files), std::move(catalog), part(steps), std::move(target)};
}

}  // namespace martlet
