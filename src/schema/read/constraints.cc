#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/expression_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kConstraints =
    "SELECT oid, conrelid, contypid, conname, contype, conkey, convalidated, condeferrable, condeferred, connoinherit, "
    "coninhcount > 0, conislocal, conindid, conparentid, confrelid, confkey, confdeltype, confupdtype, confmatchtype, "
    "CASE WHEN conbin IS NOT NULL AND {} THEN pg_get_expr(conbin, conrelid) END, {}, "
    "CASE WHEN contype = 'x' THEN ARRAY(SELECT o.oprname FROM unnest(conexclop) WITH ORDINALITY AS e(id, place) "
    "JOIN pg_operator o ON o.oid = e.id ORDER BY e.place) END FROM pg_constraint "
    "WHERE contype IN ('c', 'f', 'p', 'u', 'x', 't')";

Constraint::Kind constraint_kind(char letter) {
  switch (letter) {
    case 'f':
      return Constraint::Kind::foreign_key;
    case 'p':
      return Constraint::Kind::primary_key;
    case 'u':
      return Constraint::Kind::unique;
    case 'x':
      return Constraint::Kind::exclusion;
    case 't':
      return Constraint::Kind::trigger;
    default:
      return Constraint::Kind::check;
  }
}

Constraint constraint_of(const CopiedRow& row) {
  Constraint constraint{.id = row.id(0), .name = row.text(3), .kind = constraint_kind(row.letter(4))};
  constraint.columns = row.integers(5);
  constraint.validated = row.flag(6);
  constraint.deferrable = row.flag(7);
  constraint.initially_deferred = row.flag(8);
  constraint.no_inherit = constraint.kind == Constraint::Kind::check && row.flag(9);
  constraint.inherited = row.flag(10);
  constraint.local = row.flag(11);
  constraint.index = row.id(12);
  constraint.parent = row.id(13);
  constraint.expression = without_parentheses(row.text(19));
  constraint.operators = row.texts(21);
  if (constraint.kind != Constraint::Kind::foreign_key) return constraint;
  constraint.target = row.id(14);
  constraint.target_columns = row.integers(15);
  constraint.on_delete = row.letter(16);
  constraint.on_update = row.letter(17);
  constraint.match = row.letter(18);
  constraint.delete_columns = row.integers(20);
  return constraint;
}

}  // namespace

void read_constraints(Reading& reading) {
  const std::string query =
      fmt::format(kConstraints, reading.readable("conrelid"), reading.from(150000, "confdelsetcols", "NULL"));
  reading.each(query, [&](const CopiedRow& row) {
    if (Relation* relation = reading.relation(row.id(1))) {
      reading.relation_of.emplace(row.id(0), relation->id);
      relation->constraints.push_back(constraint_of(row));
    } else if (row.id(2) != 0 && reading.catalog.types.get(row.id(2))) {
      reading.catalog.types.edit(row.id(2)).checks.push_back(constraint_of(row));
    }
  });
}

}  // namespace martlet
