// Who reads which column and calls which function, from pg_depend. What PostgreSQL is born with is not in it.
#include <fmt/format.h>

#include <algorithm>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

// Catalogs' own identifiers, the same in every version (the headers in src/include/catalog).
constexpr ObjectId kClass = 1259, kFunction = 1255, kRewrite = 2618, kPolicy = 3256, kDefault = 2604,
                   kConstraint = 2606;

std::string query() {
  return fmt::format(
      "SELECT classid, objid, refclassid, refobjid, refobjsubid FROM pg_depend WHERE deptype = 'n' AND "
      "(refclassid = {0} AND classid IN ({1}, {2}, {3}, {4}) OR "
      "refclassid = {1} AND refobjid >= 16384 AND classid IN ({0}, {2}, {3}, {4}, {5})) "
      "ORDER BY classid, objid, refobjid, refobjsubid",
      kClass, kFunction, kRewrite, kPolicy, kDefault, kConstraint);
}

Relation* user_of(Reading& reading, ObjectId catalog, ObjectId object) {
  if (catalog == kClass) return reading.relation(object);
  const auto at = reading.relation_of.find(object);
  return at == reading.relation_of.end() ? nullptr : reading.relation(at->second);
}

void take_function_call(Relation& user, ObjectId function) {
  if (std::ranges::count(user.calls, function) == 0) user.calls.push_back(function);
}

// nextval() of a sequence that the column owns: a serial column.
void take_serial(Reading& reading, Relation& user, int number, ObjectId used) {
  const Relation* sequence = reading.relation(used);
  if (!sequence || sequence->owned_by.relation != user.id || sequence->owned_by.column != number) return;
  user.column(number)->owned_sequence = used;
}

void take_relation_use(Reading& reading, Relation& user, const CopiedRow& row) {
  const ColumnUse use{row.id(3), row.integer(4)};
  const ObjectId object = row.id(1);
  if (const auto policy = reading.policies.find(object); policy != reading.policies.end()) {
    user.policies[policy->second].uses.push_back(use);
  } else if (const auto rule = reading.rules.find(object); rule != reading.rules.end()) {
    user.rules[rule->second].uses.push_back(use);
  } else if (const auto of = reading.default_columns.find(object); of != reading.default_columns.end()) {
    take_serial(reading, user, of->second, use.relation);
  } else if (user.view && use.relation != user.id) {
    user.view->uses.push_back(use);
  }
}

}  // namespace

void read_uses(Reading& reading) {
  reading.each(query(), [&](const CopiedRow& row) {
    const ObjectId catalog = row.id(0), object = row.id(1), used_catalog = row.id(2);
    if (catalog == kFunction) {
      if (used_catalog == kClass && reading.catalog.functions.get(object)) {
        reading.catalog.functions.edit(object).uses.push_back({row.id(3), row.integer(4)});
      }
      return;
    }
    Relation* user = user_of(reading, catalog, object);
    if (!user) return;
    if (used_catalog == kFunction) {
      take_function_call(*user, row.id(3));
    } else {
      take_relation_use(reading, *user, row);
    }
  });
}

}  // namespace martlet
