#include "cli/record_view.h"

#include <fmt/format.h>

#include "cli/output.h"

namespace martlet {

int show_record(Context& context, const RecordReport& report, std::string_view nothing) {
  for (const std::string& line : report.lines) context.output.line(" " + line);
  if (report.lines.empty()) context.output.line(nothing);
  context.output.line(fmt::format("the database is at {}", report.version_after), Style::dim);
  context.output.json()["recorded"] = report.lines;
  context.output.json()["version_before"] = report.version_before;
  context.output.json()["version_after"] = report.version_after;
  return 0;
}

}  // namespace martlet
