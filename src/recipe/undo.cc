#include "recipe/undo.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/search_path.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "recipe/parts.h"
#include "recipe/undo_detach.h"
#include "sql/session_setting.h"

namespace martlet {
namespace {

using Undo = std::optional<std::string>;

const Relation* find_before(const Operation& operation, const CatalogBefore& catalog, const QualifiedName& name) {
  return by_search_path(operation.session, name, [&](std::string_view schema, std::string_view relation) {
    return catalog.relation(schema, relation);
  });
}

// One sub-command of an ALTER TABLE, as the sub-command that takes it back.
class Command {
 public:
  Command(const Operation& operation, const Relation& table, const Relation* original,
          const PgQuery__AlterTableCmd& command)
      : operation_(operation), table_(table), original_(original), command_(command) {}

  Undo undo() const {
    if (is_about_new_column()) return "";
    switch (command_.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        return added_column();
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        return unless(original_ && original_->column(std::string_view(command_.name)));
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
        return column() && column()->not_null ? "" : alter_column("DROP NOT NULL");
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
        return column() && column()->not_null ? alter_column("SET NOT NULL") : "";
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
        return default_before();
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
        return added_constraint();
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
        return unless(original_ && original_->constraint(command_.name));
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
        return "";
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
        return "DETACH PARTITION " + qualified_name(*command_.def->partition_cmd->name).text();
      default:
        return std::nullopt;
    }
  }

 private:
  // Nothing to do, unless something was there that only its definition could bring back.
  static Undo unless(bool was_there) { return was_there ? Undo() : Undo(""); }
  const Column* column() const { return table_.column(std::string_view(command_.name)); }

  // That goes as a whole.
  bool is_about_new_column() const {
    switch (command_.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
        return original_ && !original_->column(std::string_view(command_.name));
      default:
        return false;
    }
  }

  bool has_index(std::string_view name) const {
    return original_ && std::ranges::any_of(original_->indexes, [&](ObjectId id) {
             const Relation* index = operation_.before.relation(id);
             return index && index->name == name;
           });
  }

  std::string alter_column(std::string_view action) const {
    return fmt::format("ALTER COLUMN {} {}", quote_where_needed(command_.name), action);
  }

  Undo added_column() const {
    const std::string_view name = command_.def->column_def->colname;
    if (table_.column(name)) return "";
    return "DROP COLUMN IF EXISTS " + quote_where_needed(name);
  }

  Undo default_before() const {
    if (!column()) return std::nullopt;
    return alter_column(column()->default_sql.empty() ? "DROP DEFAULT" : "SET DEFAULT " + column()->default_sql);
  }

  // With a constraint that has taken an index over, that index goes.
  Undo added_constraint() const {
    const PgQuery__Constraint& made = *command_.def->constraint;
    if (*made.indexname && has_index(made.indexname)) return std::nullopt;
    Operation of_table{.statement = operation_.statement,
                       .node = operation_.node,
                       .table = &table_,
                       .catalog = operation_.catalog,
                       .before = operation_.before,
                       .session = operation_.session};
    const Constraint* constraint = constraint_after(of_table, made);
    if (!constraint) return std::nullopt;
    return "DROP CONSTRAINT IF EXISTS " + quote_where_needed(constraint->name);
  }

  const Operation& operation_;
  const Relation& table_;
  const Relation* original_;
  const PgQuery__AlterTableCmd& command_;
};

// Proven by a CHECK first, as going up does it: rows are written meanwhile, some of them without a value perhaps.
Undo not_null_again(const Operation& operation, const Relation& before, const PgQuery__AlterTableStmt& alter) {
  if (alter.n_cmds != 1) return std::nullopt;
  const PgQuery__AlterTableCmd& command = *alter.cmds[0]->alter_table_cmd;
  const Relation* after = operation.catalog.relations.get(before.id);
  const Column* column = before.column(std::string_view(command.name));
  const bool drops = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull && column && column->not_null;
  if (!drops || !after) return std::nullopt;
  std::vector<std::string> statements;
  for (const RecipeStep& each : set_not_null(operation, *after, {column->name})) statements.push_back(each.sql);
  return join(statements, ";\n");
}

Undo of_alter_table(const Operation& operation, const CatalogBefore& original) {
  const PgQuery__AlterTableStmt& alter = *operation.node.alter_table_stmt;
  const Relation* table = find_before(operation, operation.before, qualified_name(*alter.relation));
  // Nothing detaches an index from the one it is a part of; that goes as a whole.
  if (table && table->kind == RelationKind::partitioned_index && !original.relation(table->id)) {
    return "DROP INDEX IF EXISTS " + name_in(operation, *table);
  }
  if (!table || alter.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return std::nullopt;
  if (const PgQuery__PartitionCmd* partition = detached_partition(alter)) {
    return attach_again(operation, *table, qualified_name(*partition->name));
  }
  if (original.relation(table->id)) {
    if (Undo proven = not_null_again(operation, *table, alter)) return proven;
  }
  std::vector<std::string> actions;
  for (const Node* each : list(alter.n_cmds, alter.cmds)) {
    const Undo undo = Command(operation, *table, original.relation(table->id), *each->alter_table_cmd).undo();
    if (!undo) return std::nullopt;
    if (!undo->empty()) actions.insert(actions.begin(), *undo);
  }
  return actions.empty() ? "" : alter_table(operation, *table, join(actions, ", "));
}

Undo of_create_index(const Operation& operation) {
  const PgQuery__IndexStmt& statement = *operation.node.index_stmt;
  const Relation* table = find_before(operation, operation.before, qualified_name(*statement.relation));
  const Relation* after = table ? operation.catalog.relations.get(table->id) : nullptr;
  if (!after) return std::nullopt;
  for (const ObjectId id : after->indexes) {
    const Relation* index = operation.before.relation(id) ? nullptr : operation.catalog.relations.get(id);
    if (!index) continue;
    return fmt::format("DROP INDEX {}IF EXISTS {}", statement.concurrent ? "CONCURRENTLY " : "",
                       name_in(operation, *index));
  }
  return "";  // IF NOT EXISTS, and it did
}

Undo of_drop_index(const Operation& operation, const PgQuery__DropStmt& drop) {
  if (drop.n_objects != 1) return std::nullopt;
  const Node& object = *drop.objects[0];
  const Relation* index =
      find_before(operation, operation.before, qualified_name(object.list->n_items, object.list->items));
  const Relation* table = index && index->index ? operation.before.relation(index->index->table) : nullptr;
  if (!table) return std::nullopt;
  const Undo sql = create_index_sql(operation, *index, *table, drop.concurrent ? Build::concurrently : Build::plain);
  return sql->empty() ? std::nullopt : sql;
}

Undo of_rename(const PgQuery__RenameStmt& rename) {
  if (!rename.relation) return std::nullopt;
  const std::string old_name = quote_where_needed(rename.subname);
  const std::string new_name = quote_where_needed(rename.newname);
  QualifiedName relation = qualified_name(*rename.relation);
  switch (rename.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      if (rename.relation_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return std::nullopt;
      return fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", relation.text(), new_name, old_name);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", relation.text(), new_name, old_name);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: {
      const std::string before = quote_where_needed(relation.name);
      relation.name = rename.newname;
      const bool is_index = rename.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX;
      return fmt::format("ALTER {} {} RENAME TO {}", is_index ? "INDEX" : "TABLE", relation.text(), before);
    }
    default:
      return std::nullopt;
  }
}

Undo of_set_schema(const Operation& operation) {
  const PgQuery__AlterObjectSchemaStmt& statement = *operation.node.alter_object_schema_stmt;
  if (statement.object_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || !statement.relation) return std::nullopt;
  const Relation* table = find_before(operation, operation.before, qualified_name(*statement.relation));
  if (!table) return std::nullopt;
  return fmt::format("ALTER TABLE {} SET SCHEMA {}", QualifiedName{statement.newschema, table->name}.text(),
                     quote_where_needed(table->schema));
}

Undo of_create_table(const Operation& operation) {
  const QualifiedName name = qualified_name(*operation.node.create_stmt->relation);
  if (operation.node.create_stmt->if_not_exists && find_before(operation, operation.before, name)) return "";
  return "DROP TABLE IF EXISTS " + name.text();
}

Undo of_create_sequence(const Operation& operation) {
  const QualifiedName name = qualified_name(*operation.node.create_seq_stmt->sequence);
  if (find_before(operation, operation.before, name)) return "";
  return "DROP SEQUENCE IF EXISTS " + name.text();
}

// One that may have been there before, or that comes with objects of its own, is left to a person.
Undo of_create_schema(const PgQuery__CreateSchemaStmt& statement) {
  const std::string_view name = statement.schemaname;
  if (statement.if_not_exists || name.empty() || statement.n_schema_elts > 0) return std::nullopt;
  return "DROP SCHEMA IF EXISTS " + quote_where_needed(name);
}

Undo of_create_view(const Operation& operation) {
  const QualifiedName name = qualified_name(*operation.node.view_stmt->view);
  if (find_before(operation, operation.before, name)) return std::nullopt;
  return "DROP VIEW IF EXISTS " + name.text();
}

Undo of_create_trigger(const PgQuery__CreateTrigStmt& trigger) {
  if (trigger.replace || trigger.isconstraint) return std::nullopt;
  return fmt::format("DROP TRIGGER IF EXISTS {} ON {}", quote_where_needed(trigger.trigname),
                     qualified_name(*trigger.relation).text());
}

// By its name alone; one that replaces another is not told apart without its arguments.
Undo of_create_function(const PgQuery__CreateFunctionStmt& function) {
  if (function.replace || function.n_parameters > 0 || function.is_procedure) return std::nullopt;
  return fmt::format("DROP FUNCTION IF EXISTS {}()", qualified_name(function.n_funcname, function.funcname).text());
}

}  // namespace

std::optional<std::string> undo_sql(const Operation& operation, const CatalogBefore& original, const Node& users) {
  // A recipe drops only what it has made, and fills only a column that goes, with a sequence that goes with it.
  const bool is_part = users.node_case != operation.node.node_case;
  if (sets_session(operation.statement, Dialect::postgres)) return "";
  const Node& node = operation.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return of_alter_table(operation, original);
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return of_create_index(operation);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      if (is_part) return "";
      if (node.drop_stmt->remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) return std::nullopt;
      return of_drop_index(operation, *node.drop_stmt);
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return of_rename(*node.rename_stmt);
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      return of_set_schema(operation);
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return of_create_table(operation);
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      return of_create_schema(*node.create_schema_stmt);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return of_create_view(operation);
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      return of_create_trigger(*node.create_trig_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      return of_create_function(*node.create_function_stmt);
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return of_create_sequence(operation);
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return is_part ? Undo("") : std::nullopt;
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
    case PG_QUERY__NODE__NODE_LOCK_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return "";
    default:
      return std::nullopt;
  }
}

}  // namespace martlet
