#include "migration/layouts/flyway_conf.h"

#include <fmt/format.h>

#include "base/text.h"
#include "migration/load.h"
#include "migration/source.h"

namespace martlet::flyway {
namespace {

constexpr std::string_view kTransactionKey = "executeInTransaction";

void report(Folder& folder, const SourceText& source, int line, const std::string& message, const std::string& next) {
  folder.problems.push_back({Finding::Severity::error, "conf-setting", {source.file, line, 1}, message, next});
}

void read_line(Folder& folder, const SourceText& source, int number, std::string_view line, bool& transactional) {
  if (line.empty() || line.starts_with('#')) return;
  const auto equals = line.find('=');
  const std::string key(trim(line.substr(0, equals)));
  if (key != kTransactionKey) {
    const auto near = nearest(key, {std::string(kTransactionKey)});
    return report(
        folder, source, number, fmt::format("unknown setting `{}`", key),
        fmt::format("{}{} is the one setting martlet knows", near ? "check the spelling: " : "", kTransactionKey));
  }
  const std::string_view value = equals == std::string_view::npos ? std::string_view{} : trim(line.substr(equals + 1));
  if (!equals_ignoring_case(value, "true") && !equals_ignoring_case(value, "false")) {
    return report(folder, source, number, fmt::format("`{}` is neither true nor false", value),
                  fmt::format("write {}=false", kTransactionKey));
  }
  transactional = equals_ignoring_case(value, "true");
}

}  // namespace

void read_conf(Folder& folder, const std::string& file, bool& transactional) {
  const SourceText source = read_source(in_folder(folder, file));
  std::string_view rest = source.text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    read_line(folder, source, number, trim(rest.substr(0, end)), transactional);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace martlet::flyway
