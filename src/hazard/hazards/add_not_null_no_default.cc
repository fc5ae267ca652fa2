#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool has(const PgQuery__ColumnDef& column, PgQuery__ConstrType kind) {
  return constraint_of(column, kind) != nullptr;
}

bool is_serial(const PgQuery__ColumnDef& column) {
  return is_one_of(type_name(column.type_name),
                   {"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"});
}

bool has_domain_default(const Case& at, const PgQuery__ColumnDef& column) {
  const PgQuery__TypeName& type = *column.type_name;
  const Type* found = find_type(at.catalog, at.session, qualified_name(type.n_names, type.names));
  return found && found->kind == Type::Kind::domain && !found->default_sql.empty();
}

void check(const Case& at, Findings& found) {
  each_written_column(*at.node, [&](const WrittenColumn& column) {
    if (column.by != WrittenColumn::By::add || !is_live(at, &column.table)) return;
    const PgQuery__ColumnDef& definition = column.definition;
    const bool not_null = has(definition, PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL) ||
                          has(definition, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY);
    const bool filled = has(definition, PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT) ||
                        has(definition, PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED) ||
                        has(definition, PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY) || is_serial(definition);
    if (!not_null || filled || has_domain_default(at, definition)) return;
    const Relation* table = at.relation(&column.table);
    if (table && table->column(column.name)) return;  // IF NOT EXISTS
    const std::string name = shown(column.table);
    HazardFinding& finding =
        found.add(at, fmt::format("fails if {} has a row, and INSERTs of running code that leave {} out fail", name,
                                  QualifiedName{"", std::string(column.name)}.text()));
    finding.relations = {name};
    found.offer(finding, at, table, column.command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-not-null-no-default",
    .severity = Hazard::Severity::error,
    .summary = "a column is added NOT NULL without a default",
    .why = "Rows that are there have no value for it: the statement fails with 23502, after it had the table in ACCESS "
           "EXCLUSIVE. Where the table is empty it succeeds, and every INSERT of code that does not know the column "
           "fails.",
    .safe_form =
        "Add it nullable, fill the rows that are there in batches (`-- martlet:batch` above `UPDATE … SET … WHERE "
        "… IS NULL`: the values are yours to say), and make it NOT NULL by way of a validated CHECK when all "
        "code writes it; where phases are apart, martlet plans this by itself, and its contract waits for the "
        "last row. Or give it a constant default, which costs nothing since PostgreSQL 11.",
    .recipe = "add-column-not-null",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
