#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/expression_text.h"
#include "schema/read/node_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kTriggers =
    "SELECT oid, tgrelid, tgname, tgfoid, tgconstraint, tgenabled, tgtype, tgattr, encode(tgargs, 'escape'), "
    "tgparentid, "
    "CASE WHEN tgqual IS NOT NULL AND {} THEN pg_get_triggerdef(oid, false) END, tgqual::text "
    "FROM pg_trigger WHERE NOT tgisinternal";

// pg_trigger.h, TRIGGER_TYPE_…
constexpr int kRow = 1, kBefore = 2, kInsert = 4, kDelete = 8, kUpdate = 16, kTruncate = 32, kInsteadOf = 64;

// "CREATE TRIGGER … WHEN ((new.a > 1)) EXECUTE FUNCTION …" → "new.a > 1"
std::string condition_in(std::string_view definition) {
  constexpr std::string_view kWhen = " WHEN (";
  for (std::size_t at = 0; at < definition.size(); ++at) {
    if (definition[at] == '"') {
      at = end_of_group(definition, at) - 1;
    } else if (definition.substr(at).starts_with(kWhen)) {
      const std::size_t open = at + kWhen.size() - 1;
      const std::size_t end = end_of_group(definition, open);
      return std::string(without_parentheses(definition.substr(open, end - open)));
    }
  }
  return "";
}

Trigger trigger_of(const CopiedRow& row) {
  Trigger trigger{.id = row.id(0), .name = row.text(2), .function = row.id(3), .constraint = row.id(4)};
  trigger.enabled = row.letter(5);
  const int type = row.integer(6);
  trigger.row = (type & kRow) != 0;
  trigger.before = (type & kBefore) != 0;
  trigger.instead_of = (type & kInsteadOf) != 0;
  trigger.on_insert = (type & kInsert) != 0;
  trigger.on_update = (type & kUpdate) != 0;
  trigger.on_delete = (type & kDelete) != 0;
  trigger.on_truncate = (type & kTruncate) != 0;
  trigger.columns = row.integers(7);
  trigger.arguments = row.text(8);
  trigger.parent = row.id(9);
  trigger.when = condition_in(row.text(10));
  trigger.reads = stored_columns(row.text(11));
  return trigger;
}

}  // namespace

void read_triggers(Reading& reading) {
  reading.each(fmt::format(kTriggers, reading.readable("tgrelid")), [&](const CopiedRow& row) {
    if (Relation* relation = reading.relation(row.id(1))) relation->triggers.push_back(trigger_of(row));
  });
}

}  // namespace martlet
