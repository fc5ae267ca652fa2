// CREATE DOMAIN and ALTER DOMAIN (typecmds.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/row_type.h"
#include "effects/definition/new_type.h"
#include "effects/definition/parts.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

Constraint read_check(Execution& execution, const Type& domain, const PgQuery__Constraint& written) {
  Constraint check{.id = execution.catalog.next_id(),
                   .name = written.conname,
                   .validated = !written.skip_validation,
                   .expression = deparse_expression(*written.raw_expr)};
  const auto taken = [&](const std::string& name) {
    return std::ranges::find(domain.checks, name, &Constraint::name) != domain.checks.end();
  };
  if (!check.name.empty() && taken(check.name)) {
    execution.fail("42710", fmt::format("constraint \"{}\" for domain \"{}\" already exists", check.name, domain.name));
  }
  if (check.name.empty()) check.name = make_object_name(domain.name, "", "check");
  for (int pass = 1; taken(check.name); ++pass) {
    check.name = make_object_name(domain.name, "", "check" + std::to_string(pass));
  }
  return check;
}

// DEFAULT NULL is none.
std::string default_text(const Node* written) {
  const bool none = !written || (written->node_case == PG_QUERY__NODE__NODE_A_CONST && written->a_const->isnull);
  return none ? "" : deparse_expression(*written);
}

void read_constraint(Execution& execution, Type& domain, const PgQuery__Constraint& written) {
  switch (written.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
      domain.not_null = true;
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      domain.default_sql = default_text(written.raw_expr);
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      domain.checks.push_back(read_check(execution, domain, written));
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
      return;
    default:
      execution.fail("42601", "unique, primary key and foreign key constraints not possible for domains");
  }
}

void create_domain(Execution& execution, const PgQuery__CreateDomainStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_domainname, statement.domainname);
  Type domain = begin_type(execution, name, Type::Kind::domain);
  domain.base = resolve_type(execution, *statement.type_name);
  if (const Type* base = execution.catalog.types.get(domain.base.type)) {
    domain.category = base->category;
    domain.length = base->length;
    domain.storage = base->storage;
    domain.collatable = base->collatable;
  }
  for (const Node* each : list(statement.n_constraints, statement.constraints)) {
    read_constraint(execution, domain, *each->constraint);
  }
  add_type(execution, std::move(domain));
}

// validateDomainConstraint: SHARE on every table with a column of it, and its rows read.
void validate(Execution& execution, ObjectId domain) {
  refuse_use_of_domain(execution, *execution.catalog.types.get(domain));
  const std::vector<ObjectId> types = domains_over(execution.catalog, domain);
  std::vector<ObjectId> tables;
  execution.catalog.relations.each_of_users([&](const Relation& table) {
    if (!table.is_heap()) return;
    const auto holds = [&](const Column& column) { return std::ranges::find(types, column.type.type) != types.end(); };
    if (std::ranges::any_of(table.columns, holds)) tables.push_back(table.id);
  });
  std::ranges::sort(tables);
  for (const ObjectId table : tables) {
    execution.lock(table, LockMode::share);
    execution.scan(table);
  }
}

Constraint* find_check(Type& domain, std::string_view name) {
  const auto at = std::ranges::find(domain.checks, name, &Constraint::name);
  return at == domain.checks.end() ? nullptr : &*at;
}

[[noreturn]] void fail_missing(const Execution& execution, const Type& domain, std::string_view name) {
  execution.fail("42704", fmt::format("constraint \"{}\" of domain \"{}\" does not exist", name, domain.name));
}

void add_constraint(Execution& execution, ObjectId id, const PgQuery__Constraint& written) {
  const Constraint check = read_check(execution, *execution.catalog.types.get(id), written);
  execution.catalog.types.edit(id).checks.push_back(check);
  if (check.validated) validate(execution, id);
}

void alter(Execution& execution, ObjectId id, const PgQuery__AlterDomainStmt& statement) {
  const char what = statement.subtype[0];
  if (what == 'C') {
    if (statement.def->constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
      execution.fail("42601", "only CHECK constraints can be added to a domain");
    }
    return add_constraint(execution, id, *statement.def->constraint);
  }
  Type& domain = execution.catalog.types.edit(id);
  switch (what) {
    case 'T':
      domain.default_sql = default_text(statement.def);
      return;
    case 'N':
      domain.not_null = false;
      return;
    case 'O':
      if (domain.not_null) return;
      domain.not_null = true;
      return validate(execution, id);
    case 'X': {
      if (!find_check(domain, statement.name) && !statement.missing_ok) fail_missing(execution, domain, statement.name);
      std::erase_if(domain.checks, [&](const Constraint& each) { return each.name == statement.name; });
      return;
    }
    default: {
      Constraint* check = find_check(domain, statement.name);
      if (!check) fail_missing(execution, domain, statement.name);
      check->validated = true;
      return validate(execution, id);
    }
  }
}

void execute_domain(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT) {
    return create_domain(execution, *node.create_domain_stmt);
  }
  const PgQuery__AlterDomainStmt& statement = *node.alter_domain_stmt;
  const QualifiedName name = qualified_name(statement.n_type_name, statement.type_name);
  const Type* domain = require_type(execution, name);
  if (!domain) return execution.not_known(fmt::format("which tables use the domain {}", name.text()));
  if (domain->kind != Type::Kind::domain) execution.fail("42809", fmt::format("{} is not a domain", name.text()));
  alter(execution, domain->id, statement);
}

const Registered<StatementKind> kDomain{{.id = "CreateDomainStmt",
                                         .node = PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT,
                                         .execute = execute_domain,
                                         .also = {PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT}}};

}  // namespace
}  // namespace martlet
